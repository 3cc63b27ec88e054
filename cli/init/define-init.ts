import { type Command, Option } from 'commander';
import { addExamples, type Context } from '../command-context.ts';
import type { InitOptions } from './ask-answers.ts';

/** Adds `unleak init`. */
export function defineInit(program: Command, context: Context): void {
  const command = program
    .command('init')
    .description(
      'Writes a commented unleak.yaml, never over an existing one; asks for what the flags leave out.',
    )
    .addOption(new Option('-e, --engine <engine>', 'which server').choices(['postgres', 'mysql', 'mariadb']))
    .option('--host <host>', 'its host name or address')
    .option('--port <port>', 'its port, where it is not the usual one')
    .option('--database <name>', 'the database to log in to (PostgreSQL only)')
    .option('--name <name>', 'what reports call it (default: the first part of the host)')
    .option('--secret <name>', 'the secret in Secrets Manager with its login (default: unleak/NAME)')
    .option('--email <address>', 'who gets the notices')
    .option('-c, --config <file>', 'the file to write (default: unleak.yaml)')
    .action(async (options: InitOptions) => {
      const { init } = await import('./init.ts');
      context.end(await init(options, context.console));
    });
  addExamples(command, [
    ['unleak init', 'asks a few questions'],
    ['unleak init --engine postgres --host orders.example.internal --database orders', 'asks nothing'],
  ]);
}
