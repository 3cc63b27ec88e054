import {
  type Configuration,
  type ConfigurationInput,
  isConfigurationInput,
  parseConfiguration,
} from './configuration.ts';
import { type PlacedProblem, readYaml } from './read-yaml.ts';

export { describePlacedProblem, type PlacedProblem } from './read-yaml.ts';

/** What reading a file gives: the configuration and the words it was written in, or every mistake with its place. */
export type ReadConfiguration =
  | { readonly ok: true; readonly value: Configuration; readonly written: ConfigurationInput }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** Reads the text of an unleak.yaml: YAML's own mistakes first, then all mistakes in what it says. */
export function readConfiguration(text: string): ReadConfiguration {
  const read = readYaml(text, parseConfiguration);
  if (!read.ok) return read;
  const { value, data } = read;
  return isConfigurationInput(data) ? { ok: true, value, written: data } : { ok: false, problems: [] };
}
