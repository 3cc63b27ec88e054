import type { Command } from 'commander';
import {
  addExamples,
  addServerOptions,
  type Context,
  policyOption,
  type ServerOptions,
} from '../command-context.ts';

/** Adds `unleak check`. */
export function defineCheck(program: Command, context: Context): void {
  const command = program
    .command('check')
    .argument('[target]', 'a target of the file')
    .description('Layer by layer: secret, DNS, TCP, TLS, login, rights, slots, lock, and what protects whom.')
    .addOption(policyOption())
    .action(async (target: string | undefined, options: ServerOptions) => {
      const { check } = await import('./check.ts');
      context.end(await check(target, options, context.console));
    });
  addExamples(addServerOptions(command), [
    ['unleak check orders', 'whether a sweep would work, and if not, which layer is broken'],
    ['unleak check --url -', 'asks for the connection URL: without the file and without AWS'],
  ]);
}
