import { randomBytes } from 'node:crypto';
import {
  toAdvice as toMysqlAdvice,
  toGrants as toMysqlGrants,
} from '../../functions/engines/mysql/grants.ts';
import {
  toAdvice as toPostgresAdvice,
  toGrants as toPostgresGrants,
} from '../../functions/engines/postgres/grants.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import { UsageError } from '../usage-error.ts';
import type { GrantsOptions } from './define-grants.ts';

const product = { postgres: 'PostgreSQL', mysql: 'MySQL', mariadb: 'MariaDB' } as const;

/** Prints SQL that can be piped into psql or mysql; its password is made here and kept nowhere. */
export function printGrants(options: GrantsOptions, { screen }: Console): ExitCode {
  if (!/^[^\p{C}\p{Z}]{1,96}$/u.test(options.user))
    throw new UsageError('--user: expected the name of a login, without spaces.');
  const password = randomBytes(18).toString('base64url');
  const statements = toStatements(options, password);
  const { engine, user } = options;
  if (options.json) {
    screen.print(toJson({ schema: 'unleak.grants/1', engine, user, password, statements }));
    return exitCodes.fine;
  }
  screen.print(...toHeading(options).map((line) => `-- ${line}`));
  screen.print(...statements.map((statement) => `${statement};`));
  screen.print(...toAdvice(options).map((line) => `-- ${line}`));
  return exitCodes.fine;
}

function toStatements({ engine, user, rds }: GrantsOptions, password: string): readonly string[] {
  if (engine === 'postgres') return toPostgresGrants(user, password);
  return toMysqlGrants(engine, rds ? 'rds' : 'own', user.includes('@') ? user : `${user}@%`, password);
}

function toAdvice({ engine, user }: GrantsOptions): readonly string[] {
  return engine === 'postgres' ? toPostgresAdvice(user) : toMysqlAdvice(engine);
}

function toHeading({ engine, rds }: GrantsOptions): string[] {
  const who = rds ? 'the master user' : engine === 'postgres' ? 'a superuser' : 'root';
  return [
    `A login with the least rights for unleak on ${rds ? 'RDS ' : ''}${product[engine]}; run as ${who}.`,
    'The password was made for this run and is kept nowhere: put it into Secrets Manager as',
    '{"username": "…", "password": "…"}.',
  ];
}
