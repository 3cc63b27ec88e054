import { type Command, Option } from 'commander';
import { addExamples, type Context, jsonOption } from '../command-context.ts';
import { historyOption } from '../store/open-history.ts';
import type { SimulateOptions } from './simulate.ts';

/** Adds `unleak simulate`. */
export function defineSimulate(program: Command, context: Context): void {
  const command = program
    .command('simulate')
    .description('What a policy would do to saved snapshots; no database is needed.')
    .addOption(new Option('-p, --policy <file#name>', 'the policy (default: the only one of unleak.yaml)'))
    .addOption(
      new Option(
        '-f, --snapshot <file...>',
        'what `unleak look --save` wrote: files, folders, patterns, s3://BUCKET/PREFIX',
      ),
    )
    .addOption(historyOption('snapshots of a history'))
    .option('-t, --target <name>', 'only this target of the history')
    .addOption(
      new Option('-a, --against <file#name>', 'a second policy: who fares differently under it, and why'),
    )
    .addOption(new Option('-c, --config <file>', 'the file with policies (default: unleak.yaml)'))
    .addOption(jsonOption())
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import('./simulate.ts');
      context.end(await simulate(options, context.console));
    });
  addExamples(command, [
    ['unleak simulate --policy unleak.yaml#web --snapshot now.json', 'who would be ended'],
    [
      'unleak simulate --policy unleak.yaml#web --snapshot snapshots/*.json',
      'what it would have done over time',
    ],
    [
      'unleak simulate --policy old.yaml --against new.yaml --snapshot now.json',
      'what the new policy changes',
    ],
  ]);
}
