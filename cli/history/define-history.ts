import { type Command, Option } from 'commander';
import { addExamples, type Context, jsonOption, toSince } from '../command-context.ts';
import { historyOption } from '../store/open-history.ts';
import type { HistoryOptions } from './history.ts';

/** Adds `unleak history`. */
export function defineHistory(program: Command, context: Context): void {
  const command = program
    .command('history')
    .argument('[target]', 'the target (default: the only one of the history)')
    .description('Connections and ends of a target over time.')
    .addOption(
      new Option('--since <duration>', 'how far back').argParser(toSince).default(48 * 3_600_000, '48h'),
    )
    .option('--csv', 'print the points as comma-separated values')
    .addOption(historyOption())
    .addOption(jsonOption().conflicts('csv'))
    .action(async (target: string | undefined, options: HistoryOptions) => {
      const { history } = await import('./history.ts');
      context.end(await history(target, options, context.console));
    });
  addExamples(command, [
    ['unleak history orders --history /var/lib/unleak', 'the last two days, and who rests there'],
    [
      'unleak history orders --history s3://unleak-history --since 35d --csv',
      'hours of five weeks, for a spreadsheet',
    ],
  ]);
}
