import {
  type Configuration,
  type ConfigurationInput,
  isConfigurationInput,
  parseConfiguration,
} from './configuration.ts';
import { warningsIn } from './configuration-warnings.ts';
import type { Warning } from './policy-warnings.ts';
import { formatPath } from './problems.ts';
import { type PlacedProblem, readYaml } from './read-yaml.ts';

export { describePlacedProblem, type PlacedProblem } from './read-yaml.ts';

/** What a file may mean but its owner should know, with its place. */
export interface PlacedWarning extends Warning {
  readonly line: number;
  readonly column: number;
}

/** What reading a file gives: the configuration, the words it was written in and what to think over, or every mistake with its place. */
export type ReadConfiguration =
  | {
      readonly ok: true;
      readonly value: Configuration;
      readonly written: ConfigurationInput;
      readonly warnings: readonly PlacedWarning[];
    }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** Reads the text of an unleak.yaml: YAML's own mistakes first, then all mistakes in what it says. */
export function readConfiguration(text: string): ReadConfiguration {
  const read = readYaml(text, parseConfiguration);
  if (!read.ok) return read;
  const { value, data, placeOf } = read;
  if (!isConfigurationInput(data)) return { ok: false, problems: [] };
  const warnings = warningsIn(value).map((warning) => ({ ...warning, ...placeOf(warning.path) }));
  return { ok: true, value, written: data, warnings };
}

/** The warning as one line for people, with its place in the file. */
export function describePlacedWarning(file: string, { path, message, line, column }: PlacedWarning): string {
  return `${file}:${line}:${column} ${formatPath(path)}: ${message}`;
}
