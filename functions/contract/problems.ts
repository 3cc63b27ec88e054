import type * as z from 'zod';

/** One mistake in data from outside: where it is, what stands there, and what was expected instead. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** The value as short JSON; null where values are secret, where there is none, and for keys nobody knows. */
  readonly value: string | null;
  readonly expected: string;
  /** Set where there is no value to judge: the key is missing, or it is not a key at all. */
  readonly found?: 'nothing' | 'unknown key';
}

/** Data that was read and can be trusted, or everything that is wrong with it. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

const longestShown = 80;
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** Reads `input` by `schema`, with every mistake and not only the first; `secret` keeps values out of the problems. */
export function parseWith<S extends z.ZodType>(
  schema: S,
  input: unknown,
  values: 'shown' | 'secret' = 'shown',
): Parsed<z.output<S>> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.flatMap((issue) => toProblems(issue, [], input));
  return {
    ok: false,
    problems: values === 'secret' ? problems.map((p) => ({ ...p, value: null })) : problems,
  };
}

/** The problem as one line: `targets[0].mode: "on" found, expected dry-run or enforce`. */
export function describeProblem(problem: Problem): string {
  const where = formatPath(problem.path);
  const what = problem.found === 'nothing' ? 'missing' : (problem.found ?? found(problem.value));
  return what === null
    ? `${where}: expected ${problem.expected}`
    : `${where}: ${what}, expected ${problem.expected}`;
}

function found(value: string | null): string | null {
  return value === null ? null : `${value} found`;
}

/** A path as people write it: `policies.web.rules[2].for`; the whole input is `(root)`. */
export function formatPath(path: Path): string {
  if (path.length === 0) return '(root)';
  return path.map((step, index) => formatStep(step, index)).join('');
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!/^[\w-]{1,80}$/.test(step)) return `[${printable(JSON.stringify(step))}]`;
  return index === 0 ? step : `.${step}`;
}

function toProblems(issue: Issue, base: Path, input: unknown): Problem[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    const expected = expectation(issue);
    return issue.keys.map((key) => ({ path: [...path, key], value: null, expected, found: 'unknown key' }));
  }
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => ({ path, value: show(path.at(-1)), expected: expectation(inner) }));
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors, at(input, path));
    if (closest) return closest.flatMap((inner) => toProblems(inner, path, input));
  }
  return [{ path, ...shown(path, at(input, path)), expected: expectation(issue) }];
}

/** Keys under which, by an ordinary mistake, a password may stand: their values are never shown. */
const confidential: ReadonlySet<string | number> = new Set(['secret', 'host', 'ca', 'password', 'username']);

/** What stands there; nothing is shown where that could give a secret away. */
function shown(path: Path, value: unknown): Pick<Problem, 'value' | 'found'> {
  if (value === undefined) return { value: null, found: 'nothing' };
  if (path.some((step) => confidential.has(step)) || hasPassword(value)) return { value: null };
  return { value: show(value) };
}

/** A connection URL with a login in it. */
function hasPassword(value: unknown): boolean {
  return typeof value === 'string' && /:\/\/[^/\s]*@|:[^\s/@]+@/.test(value);
}

/** The branch of a union that was meant: whose mistakes lie deepest, else the only one that takes such a value at all. */
function closestBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | null {
  const named = branches.find((issues) => isPresetBranch(issues, value));
  if (named) return named;
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((issue) => issue.path.length));
  const best = branches.reduce<readonly Issue[]>((a, b) => (depth(b) > depth(a) ? b : a), []);
  if (depth(best) > 0) return best;
  const fitting = branches.filter((issues) => !issues.some(isOfAnotherKind));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** An entry that names a preset is meant as one: the branch that knows the key. */
function isPresetBranch(issues: readonly Issue[], value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'preset')) return false;
  return !issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('preset'));
}

function isOfAnotherKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** The schema's own words; where it has none, words for the library's default. */
function expectation(issue: Issue): string {
  if (!/^(?:Invalid|Too (?:big|small)|Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of: ${issue.values.map(String).join(' | ')}`;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'unrecognized_keys':
      return 'only known keys';
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return 'another value';
  }
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function at(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    input,
  );
}

function show(value: unknown): string | null {
  if (value === undefined) return null;
  return printable(preview(value, 3));
}

/** JSON, written no further than people will see, so that deep, endless or huge values cost nothing. */
function preview(value: unknown, depth: number): string {
  if (hasPassword(value)) return '…';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, longestShown));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'object') return typeof value;
  if (depth === 0) return '…';
  if (Array.isArray(value))
    return `[${value
      .slice(0, 10)
      .map((item) => preview(item, depth - 1))
      .join(',')}]`;
  return `{${firstKeys(value)
    .map((key) => `${preview(key, 1)}:${previewOf(value, key, depth - 1)}`)
    .join(',')}}`;
}

function previewOf(value: object, key: string, depth: number): string {
  return confidential.has(key) ? '…' : preview((value as Record<string, unknown>)[key], depth);
}

function firstKeys(value: object): string[] {
  return Object.keys(value).slice(0, 10);
}

/** One harmless line: controls, line separators and changes of direction are escaped. */
function printable(text: string): string {
  const part = text.slice(0, 2 * longestShown);
  const line = part.replace(
    unprintable,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return line.length <= longestShown && part.length === text.length
    ? line
    : `${line.slice(0, longestShown - 1)}…`;
}
