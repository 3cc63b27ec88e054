/** A configuration that cannot be deployed, with a line for every mistake. */
export class ConfigurationError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(`The configuration cannot be deployed:\n${lines.join('\n')}`);
    this.name = 'ConfigurationError';
    this.lines = lines;
  }
}
