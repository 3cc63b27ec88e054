/** What the values of one field may be, in the words of its errors. */
export interface FieldShape {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Names that stand for `first`, `first + 1` and so on. */
  readonly names: readonly string[];
}

/** The values of a field in ascending order; null: every one; text: why the field is wrong. */
export type ReadField = readonly number[] | null | string;

/** Reads `*`, `5`, `1-5`, `0/15`, `10-50/10` and lists of these. */
export function readField(field: string, shape: FieldShape): ReadField {
  if (field === '*') return null;
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const read = readPart(part, shape);
    if (typeof read === 'string') return read;
    for (const value of read) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** The number that a value stands for; undefined where it is none of the field's. */
export function toValue(text: string, { first, last, names }: FieldShape): number | undefined {
  const index = names.indexOf(text.toUpperCase());
  const value = index >= 0 ? first + index : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= first && value <= last ? value : undefined;
}

function readPart(part: string, shape: FieldShape): readonly number[] | string {
  const [range = '', step, ...more] = part.split('/');
  const ends = readRange(range, step !== undefined, shape);
  if (ends === undefined || more.length > 0) return expectedOf(shape);
  const [from, to] = ends;
  if (from > to) return `a range that does not wrap: write ${range} as two, such as 22-23,0-2`;
  const stride = step === undefined ? 1 : toStride(step, shape);
  if (stride === undefined) return `a step of 1 to ${shape.last} after the slash`;
  const count = Math.floor((to - from) / stride) + 1;
  return Array.from({ length: count }, (_each, index) => from + index * stride);
}

function readRange(range: string, isStepped: boolean, shape: FieldShape): [number, number] | undefined {
  if (range === '*') return isStepped ? [shape.first, shape.last] : undefined;
  const [from, to, ...more] = range.split('-').map((text) => toValue(text, shape));
  if (from === undefined || more.length > 0) return undefined;
  if (!range.includes('-')) return [from, isStepped ? shape.last : from];
  return to === undefined ? undefined : [from, to];
}

function toStride(step: string, { last }: FieldShape): number | undefined {
  const stride = /^\d{1,4}$/.test(step) ? Number(step) : 0;
  return stride >= 1 && stride <= last ? stride : undefined;
}

/** What a field may hold, as errors say it. */
export function expectedOf({ first, last, names }: FieldShape): string {
  const words = names.length > 0 ? ` or ${names[0] ?? ''}-${names.at(-1) ?? ''}` : '';
  return `${first}-${last}${words}, with * , - /`;
}
