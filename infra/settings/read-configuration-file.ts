import { readFileSync } from 'node:fs';
import type { ConfigurationInput } from '../../functions/contract/configuration.ts';
import { describePlacedProblem, readConfiguration } from '../../functions/contract/read-configuration.ts';
import { ConfigurationError } from './configuration-error.ts';

/** Reads an unleak.yaml for `new Unleak(…)`; a ConfigurationError tells every mistake with its line and column. */
export function readConfigurationFile(path: string): ConfigurationInput {
  const read = readConfiguration(readText(path));
  if (read.ok) return read.written;
  throw new ConfigurationError(read.problems.map((problem) => describePlacedProblem(path, problem)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const found = code === 'ENOENT' ? 'no such file' : `not readable (${code})`;
    throw new ConfigurationError([
      `${path}: ${found}, expected the configuration; name it with -c config=PATH`,
    ]);
  }
}
