import type { Command } from 'commander';
import { addExamples, type Context, jsonOption } from '../command-context.ts';
import type { DemoOptions } from './demo.ts';

/** Adds `unleak demo`. */
export function defineDemo(program: Command, context: Context): void {
  const command = program
    .command('demo')
    .description(
      'A leaking shop on databases of its own, cleaned up before your eyes: first dry, then enforced.',
    )
    .addOption(jsonOption())
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo.ts');
      context.end(await demo(options, context.console));
    });
  addExamples(command, [
    ['unleak demo', 'needs no AWS and no database; touches nothing outside a temporary folder'],
  ]);
}
