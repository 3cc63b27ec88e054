import { existsSync } from 'node:fs';
import { describePlacedProblem, readConfiguration } from '../../functions/contract/read-configuration.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { defaultConfigFile } from '../target/configuration-file.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { writeNew } from '../files/write-new.ts';
import type { Console } from '../terminal/console.ts';
import { UsageError } from '../usage-error.ts';
import { askAnswers, type InitOptions } from './ask-answers.ts';
import { toConfigurationText } from './to-configuration-text.ts';

/** Writes an unleak.yaml that validates and ends nothing, and says what comes next. */
export async function init(options: InitOptions, console: Console): Promise<ExitCode> {
  const path = options.config ?? defaultConfigFile;
  const file = cleanText(path);
  if (existsSync(path))
    throw new UsageError(`${file} cannot be written: it exists already, and nothing is overwritten.`);
  const answers = await askAnswers(options, console);
  const text = toConfigurationText(answers);
  const read = readConfiguration(text);
  if (!read.ok)
    throw new UsageError(
      [
        'That would not be a valid file:',
        ...read.problems.map((problem) => describePlacedProblem(file, problem)),
      ].join('\n'),
    );
  await writeNew(path, text, 'everyone');
  const { screen } = console;
  const config = options.config === undefined ? '' : ` -c ${quoteForShell(file)}`;
  screen.print(
    `Wrote ${file}: ${answers.name} (${answers.engine} at ${cleanText(answers.host)}), in dry run. Next:`,
    `  npx unleak grants --engine ${answers.engine}${forRds(answers)}    # SQL for a login of its own, for a DBA to run`,
    `  npx unleak check ${answers.name}${config}              # does all of it work from here?`,
    `  npx unleak sweep ${answers.name}${config}              # what would be ended, and why`,
    `check and sweep read the secret ${answers.secret}; \`--url -\` asks for a connection URL and does without AWS.`,
  );
  return exitCodes.fine;
}

/** As a shell takes it: in quotes where it holds more than plain characters. */
function quoteForShell(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** RDS for MySQL and MariaDB grant the privilege to KILL to nobody. */
function forRds({ engine, host }: { readonly engine: string; readonly host: string }): string {
  return engine !== 'postgres' && /\.rds\.amazonaws\.com(?:\.cn)?$/.test(host) ? ' --for USER' : '';
}
