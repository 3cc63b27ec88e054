import { formatPath } from '../../functions/contract/problems.ts';
import {
  describePlacedProblem,
  describePlacedWarning,
  readConfiguration,
} from '../../functions/contract/read-configuration.ts';
import type { PlacedProblem } from '../../functions/contract/read-yaml.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { defaultConfigFile } from '../target/configuration-file.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readText } from '../files/read-text.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import { writeRules } from './write-rules.ts';

/** The options of `unleak validate`. */
export interface ValidateOptions {
  readonly config?: string;
  readonly rules?: true;
  readonly json?: true;
}

/** Reads an unleak.yaml as synth and the Lambda do; exit code 1 when it has mistakes. */
export async function validate(
  named: string | undefined,
  options: ValidateOptions,
  { screen }: Console,
): Promise<ExitCode> {
  const path = named ?? options.config ?? defaultConfigFile;
  const read = readConfiguration(await readText(path));
  const file = cleanText(path);
  const problems = read.ok ? [] : read.problems;
  if (options.json)
    screen.print(
      toJson({ schema: 'unleak.validation/1', file, ok: read.ok, problems: problems.map(toProblemJson) }),
    );
  else if (read.ok)
    screen.print(
      ...read.warnings.map((warning) => describePlacedWarning(file, warning)),
      `${file} is ${read.warnings.length > 0 ? 'valid' : 'fine'}: ${describe(read.value)}.`,
      ...(options.rules ? writeRules(read.value) : []),
    );
  else screen.print(...problems.map((problem) => describePlacedProblem(file, problem)));
  return read.ok ? exitCodes.fine : exitCodes.no;
}

function toProblemJson({ line, column, path, value, found, expected }: PlacedProblem) {
  return { line, column, path: formatPath(path), value, found: found ?? 'another value', expected };
}

interface Described {
  readonly policies: object;
  readonly targets: readonly { readonly name: string; readonly mode: string }[];
}

function describe({ policies, targets }: Described): string {
  const enforced = targets.filter(({ mode }) => mode === 'enforce').map(({ name }) => name);
  return [
    count(Object.keys(policies).length, 'policy', 'policies'),
    count(targets.length, 'target', 'targets'),
    enforced.length === 0 ? 'all in dry run' : `enforced: ${enforced.join(', ')}`,
  ].join(', ');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
