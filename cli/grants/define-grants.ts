import { type Command, Option } from 'commander';
import { addExamples, type Context, jsonOption } from '../command-context.ts';
import type { GrantsOptions } from './grants.ts';

/** Adds `unleak grants`. */
export function defineGrants(program: Command, context: Context): void {
  const command = program
    .command('grants')
    .description('The SQL that makes a login with the least rights, ready to paste.')
    .addOption(
      new Option('-e, --engine <engine>', 'which server')
        .choices(['postgres', 'mysql', 'mariadb'])
        .makeOptionMandatory(),
    )
    .option('--rds', 'for RDS, where KILL is a procedure (MySQL and MariaDB)')
    .option(
      '--for <account...>',
      'may end the sessions of these users only (on MySQL whatever their host, on MariaDB of these accounts)',
    )
    .option('-u, --user <name>', 'the name of the login; NAME@HOST on MySQL and MariaDB', 'unleak')
    .addOption(jsonOption())
    .action(async (options: GrantsOptions) => {
      const { printGrants } = await import('./grants.ts');
      context.end(printGrants(options, context.console));
    });
  addExamples(command, [
    [
      'unleak grants --engine postgres | psql -h orders.example.internal -U postgres',
      'make the login at once',
    ],
    [
      'unleak grants --engine mysql --for shop jobs@10.%',
      'a login that can end the sessions of these users only, on RDS too',
    ],
    [
      'unleak grants --engine mysql --rds --user unleak@10.0.%',
      'a login for RDS that only comes from the VPC',
    ],
  ]);
}
