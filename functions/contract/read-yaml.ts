import { isNode, LineCounter, parseDocument } from 'yaml';
import { describeProblem, type Parsed, type Problem } from './problems.ts';

/** A mistake with its place in the file; line and column count from 1. */
export interface PlacedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

/** Where in the file a path of its data stands; line and column count from 1. */
export type PlaceOf = (path: Problem['path']) => { readonly line: number; readonly column: number };

/** What reading a file gives: what it means beside its plain data, or every mistake with its place. */
export type ReadYaml<T> =
  | { readonly ok: true; readonly value: T; readonly data: unknown; readonly placeOf: PlaceOf }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** Reads the text of a YAML file: YAML's own mistakes first, then all mistakes in what it says. */
export function readYaml<T>(text: string, parse: (data: unknown) => Parsed<T>): ReadYaml<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const syntax = document.errors.map((error) => place(lines, error.pos[0], [], firstLine(error.message)));
  if (syntax.length > 0) return { ok: false, problems: syntax };
  const data = toData(document);
  if (data instanceof ReferenceError)
    return { ok: false, problems: [place(lines, 0, [], firstLine(data.message))] };
  const parsed = parse(data);
  if (parsed.ok) return { ...parsed, data, placeOf: (path) => placeOf(document, lines, path) };
  const problems = parsed.problems.map((problem) => ({
    ...problem,
    ...placeOf(document, lines, problem.path),
  }));
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** The mistake as one line for people: `unleak.yaml:12:9 targets[0].mode: "on" found, expected dry-run or enforce`. */
export function describePlacedProblem(file: string, problem: PlacedProblem): string {
  return `${file}:${problem.line}:${problem.column} ${describeProblem(problem)}`;
}

/** The document's data; the error where an alias leads nowhere or where aliases multiply beyond reason. */
function toData(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function place(lines: LineCounter, offset: number, path: Problem['path'], expected: string): PlacedProblem {
  const { line, col } = lines.linePos(offset);
  return { path, value: null, expected, line: Math.max(1, line), column: Math.max(1, col) };
}

/** The place of a value, or of the nearest thing around it that the file really has. */
function placeOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: Problem['path'],
): { line: number; column: number } {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    }
  }
  return { line: 1, column: 1 };
}

function firstLine(message: string): string {
  return `valid YAML: ${message.split('\n', 1)[0] ?? ''}`;
}
