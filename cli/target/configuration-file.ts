import type { Configuration, ConfigurationInput } from '../../functions/contract/configuration.ts';
import { describePlacedProblem, readConfiguration } from '../../functions/contract/read-configuration.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { readText } from '../files/read-text.ts';
import { UsageError } from '../usage-error.ts';

/** The file that is read where --config does not name another. */
export const defaultConfigFile = 'unleak.yaml';

/** An unleak.yaml without mistakes, read and as people wrote it. */
export interface ConfigurationFile {
  readonly file: string;
  readonly configuration: Configuration;
  readonly written: ConfigurationInput;
}

/** Reads an unleak.yaml; a UsageError with every mistake when it has some. */
export async function openConfiguration(file: string): Promise<ConfigurationFile> {
  const read = readConfiguration(await readText(file));
  if (read.ok) return { file, configuration: read.value, written: read.written };
  const mistakes = read.problems.map((problem) => describePlacedProblem(cleanText(file), problem));
  throw new UsageError(mistakes.join('\n'));
}
