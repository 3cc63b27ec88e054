import { type Command, Option } from 'commander';
import { addExamples, addServerOptions, type Context, policyOption } from '../command-context.ts';
import { historyOption } from '../store/open-history.ts';
import type { ExplainOptions } from './explain.ts';

/** Adds `unleak explain`. */
export function defineExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .argument('[target]', 'a target of the file')
    .description(
      'Why each session would be ended or left alone: what was asked, in order, with values and limits.',
    )
    .addOption(new Option('-f, --snapshot <file...>', 'explain saved snapshots instead of looking'))
    .addOption(historyOption('explain the snapshots of a history'))
    .option('--session <id>', 'only the session with this number')
    .addOption(policyOption())
    .action(async (target: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      context.end(await explain(target, options, context.console));
    });
  addExamples(addServerOptions(command), [
    ['unleak explain orders', 'every client session, now'],
    ['unleak explain orders --session 4242', 'why this one'],
    ['unleak explain --snapshot monday.json --policy unleak.yaml#web', 'why then'],
  ]);
}
