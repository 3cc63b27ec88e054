import { type Command, Option } from 'commander';
import { addExamples, type Context, jsonOption, toSince } from '../command-context.ts';
import { historyOption } from '../store/open-history.ts';
import type { ProveOptions } from './prove.ts';

/** Adds `unleak prove`. */
export function defineProve(program: Command, context: Context): void {
  const command = program
    .command('prove')
    .argument('[target]', 'a target of the history (default: all of them)')
    .description(
      'Whether a policy may be enforced: how many of those that it chose were used again, and by whom.',
    )
    .addOption(
      new Option(
        '-p, --policy <file#name>',
        'try this policy on the recorded snapshots, beside the one in force',
      ),
    )
    .addOption(
      new Option('--since <duration>', 'how far back').argParser(toSince).default(7 * 86_400_000, '7d'),
    )
    .addOption(new Option('-c, --config <file>', 'the file with targets and policies (default: unleak.yaml)'))
    .addOption(historyOption())
    .addOption(jsonOption())
    .action(async (target: string | undefined, options: ProveOptions) => {
      const { prove } = await import('./prove.ts');
      context.end(await prove(target, options, context.console));
    });
  addExamples(command, [
    ['unleak prove orders --history /var/lib/unleak', 'may orders be enforced?'],
    [
      'unleak prove orders --policy new.yaml#web --history s3://unleak-history',
      'what another policy would have done',
    ],
  ]);
}
