import type { Command } from 'commander';
import {
  addExamples,
  addServerOptions,
  type Context,
  policyOption,
  waitingOption,
} from '../command-context.ts';
import { historyOption } from '../store/open-history.ts';
import type { SweepOptions } from './sweep.ts';

/** Adds `unleak sweep`. */
export function defineSweep(program: Command, context: Context): void {
  const command = program
    .command('sweep')
    .argument('[target]', 'a target of the file')
    .description('One sweep from the terminal, by the same code as the Lambda; a dry run unless --enforce.')
    .option('--enforce', 'end the chosen sessions, after one question')
    .option('-y, --yes', 'do not ask; needed with --enforce where there is no terminal')
    .addOption(policyOption())
    .addOption(waitingOption())
    .addOption(historyOption('remember sweeps here'))
    .option('--log <file>', 'append the report to this file, one JSON line for each sweep')
    .action(async (target: string | undefined, options: SweepOptions) => {
      const { sweep } = await import('./sweep.ts');
      context.end(await sweep(target, options, context.console));
    });
  addExamples(addServerOptions(command), [
    ['unleak sweep orders', 'what the next enforced run would do, and why'],
    ['unleak sweep orders --enforce', 'do it, after showing how many sessions and whose'],
    [
      'unleak sweep --url - --json',
      'the report of a server whose URL is asked for, without a file of targets',
    ],
  ]);
}
