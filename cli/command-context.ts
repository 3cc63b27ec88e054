import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../functions/contract/duration.ts';
import type { AimOptions } from './target/resolved-target.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Console } from './terminal/console.ts';

/** What every command is given. */
export interface Context {
  readonly console: Console;
  /** Says how the command ended. */
  readonly end: (code: ExitCode) => void;
  /** Tells a person something beside the result, without any connection URL in it. */
  readonly tell: (text: string) => void;
}

/** The options of commands about one server. */
export interface ServerOptions extends AimOptions {
  readonly json?: true;
}

/** Adds the options by which every command about one server says which one. */
export function addServerOptions(command: Command): Command {
  return command
    .addOption(new Option('-c, --config <file>', 'the file with targets and policies (default: unleak.yaml)'))
    .addOption(
      new Option(
        '--url <url>',
        'connect here instead of by the file and Secrets Manager; - reads it from standard input',
      ),
    )
    .addOption(jsonOption());
}

/** `--policy`, for commands that decide. */
export function policyOption(): Option {
  return new Option('-p, --policy <file#name>', 'decide by this policy instead of the target’s own');
}

/** `--waiting`, for commands that say who waits. */
export function waitingOption(): Option {
  return new Option(
    '--waiting <duration>',
    'say who has waited for a lock for so long (notify.waiting of the file; 30s by default)',
  ).argParser((text: string) => {
    if ((parseDuration(text) ?? 0) >= 1_000) return text;
    throw new InvalidArgumentError('Expected a duration such as 30s or 2m, at least 1s.');
  });
}

/** `--json`, the same for every command. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON for machines (docs/cli.md)');
}

/** Examples at the end of a command's help, each with a line that says what it does. */
export function addExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const lines = examples.flatMap(([line, says]) => [`  # ${says}`, `  ${line}`]);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** Reads a duration such as `2s` as milliseconds. */
export function toMilliseconds(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < 500)
    throw new InvalidArgumentError('Expected a duration such as 2s or 1m, at least 500ms.');
  return ms;
}

/** Reads a duration such as `7d`, an hour at least, as milliseconds. */
export function toSince(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < 3_600_000)
    throw new InvalidArgumentError('Expected a duration such as 24h or 7d, at least 1h.');
  return ms;
}
