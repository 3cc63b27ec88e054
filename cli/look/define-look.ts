import { type Command, Option } from 'commander';
import { addExamples, addServerOptions, type Context, toMilliseconds } from '../command-context.ts';
import type { LookOptions } from './look.ts';

/** Adds `unleak look`. */
export function defineLook(program: Command, context: Context): void {
  const command = program
    .command('look')
    .argument('[target]', 'a target of the file')
    .description('The sessions as they are: capacity, who holds how many, the longest idle, who blocks whom.')
    .option('-w, --watch', 'repeat until q or Ctrl-C')
    .addOption(
      new Option('--every <duration>', 'time between two snapshots with --watch')
        .argParser(toMilliseconds)
        .default(2_000, '2s'),
    )
    .option(
      '-s, --save <file>',
      'also write the snapshot as JSON; a folder (FOLDER/ is made) gets one file for each snapshot',
    )
    .action(async (target: string | undefined, options: LookOptions) => {
      const { look } = await import('./look.ts');
      context.end(await look(target, options, context.console));
    });
  addExamples(addServerOptions(command), [
    ['unleak look orders', 'who is connected now'],
    ['unleak look orders --watch --every 5s', 'like top'],
    ['unleak look orders --watch --every 1m --save snapshots/', 'record what policies can be tried on later'],
  ]);
}
