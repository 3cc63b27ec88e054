import { cleanText, shorten } from '../../functions/core/text/clean-text.ts';
import { defangProse } from '../../functions/core/text/defang.ts';

/** A column: its heading, how wide it may become, and to which side its cells lean. */
export interface Column {
  readonly heading: string;
  readonly most: number;
  readonly align?: 'left' | 'right';
}

/** Lines of a plain table; every cell is made harmless to print and cut to its column. */
export function toTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => columns.map(({ most }, index) => toCell(row[index] ?? '', most)));
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ heading }) => heading)), ...cells.map(line)];
}

/** Terminals make links of addresses. */
function toCell(text: string, most: number): string {
  return shorten(defangProse(cleanText(text, most)), most);
}

function pad(text: string, width: number, align: Column['align']): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
