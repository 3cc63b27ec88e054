import { type Command, InvalidArgumentError } from 'commander';
import { addExamples, type Context, jsonOption } from '../command-context.ts';
import { historyOption } from '../store/open-history.ts';
import { parseAt } from './parse-at.ts';
import type { WhyOptions } from './why.ts';

/** Adds `unleak why`. */
export function defineWhy(program: Command, context: Context): void {
  const command = program
    .command('why')
    .description(
      'Who ended my session: the sweep, the rule, the reason and the notification; or what else it was.',
    )
    .option('-t, --target <name>', 'the target (default: the only one of the history)')
    .option('--pid <id>', 'the number of the session', toId)
    .option('--at <time>', 'around this time, UTC: 14:05 or 2026-01-31T14:05 (default: the last day)', toTime)
    .option('--user <name>', 'only sessions of this user')
    .option('--application <name>', 'only sessions of this application')
    .addOption(historyOption())
    .addOption(jsonOption())
    .action(async (options: WhyOptions) => {
      const { why } = await import('./why.ts');
      context.end(await why(options, context.console));
    });
  addExamples(command, [
    [
      'unleak why --target orders --pid 4711 --at 14:05 --history /var/lib/unleak',
      'an application got 57P01 or 2013 at 14:05',
    ],
    [
      'unleak why --target orders --user shop --history s3://unleak-history',
      'all that was ended of this user in a day',
    ],
  ]);
}

function toId(text: string): string {
  if (/^\d{1,20}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the number of a session, such as 4711.');
}

/** Checked here, so that a mistake is one of the command line; read where it is used. */
function toTime(text: string): string {
  parseAt(text, Date.now());
  return text;
}
