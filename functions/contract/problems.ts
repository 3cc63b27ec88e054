import type * as z from 'zod';

/** One mistake in data from outside: where it is, what stands there, and what was expected instead. */
export interface Problem {
  readonly path: readonly (string | number)[];
  /** The value as short JSON; null where values are secret or the key is missing. */
  readonly value: string | null;
  readonly expected: string;
}

/** Data that was read and can be trusted, or everything that is wrong with it. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

type Path = readonly (string | number)[];
type Issue = z.core.$ZodIssue;

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

/** The problem as one line: `targets[0].mode: "on" is not dry-run or enforce`. */
export function describeProblem(problem: Problem): string {
  const where = formatPath(problem.path);
  if (problem.value === null) return `${where}: expected ${problem.expected}`;
  return `${where}: ${problem.value} found, expected ${problem.expected}`;
}

/** A path as people write it: `policies.web.rules[2].for`; the whole input is `(root)`. */
export function formatPath(path: Path): string {
  if (path.length === 0) return '(root)';
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

function toProblems(issue: Issue, base: Path, input: unknown): Problem[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      value: show(at(input, [...path, key])),
      expected: 'no such key',
    }));
  }
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors);
    if (closest) return closest.flatMap((inner) => toProblems(inner, path, input));
  }
  return [{ path, value: show(at(input, path)), expected: expectation(issue) }];
}

/** The branch of a union whose mistakes lie deepest is the one that was meant; none when all fail at the top. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((issue) => issue.path.length));
  const best = branches.reduce<readonly Issue[]>((a, b) => (depth(b) > depth(a) ? b : a), []);
  return depth(best) > 0 ? best : null;
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type' && /^Invalid input/.test(issue.message))
    return `a value of type ${issue.expected}`;
  return issue.message;
}

function at(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    input,
  );
}

function show(value: unknown): string | null {
  if (value === undefined) return null;
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return typeof value;
  return json.length <= 80 ? json : `${json.slice(0, 77)}...`;
}
