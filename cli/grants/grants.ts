import { randomBytes } from 'node:crypto';
import {
  longestAccount,
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
  checkAccounts(options);
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

/** Names of procedures do not tell upper case from lower, so two accounts that differ in nothing else would have one pair. */
function checkAccounts({ engine, rds, for: accounts = [] }: GrantsOptions): void {
  if (accounts.length > 0 && (engine === 'postgres' || rds))
    throw new UsageError('--for is for MySQL and MariaDB, and without --rds.');
  const all = accounts.map(toAccount);
  const wrong = all.find((account) => !/^[^\p{C}\p{Z}@]+@[^\p{C}\p{Z}@]+$/u.test(account));
  if (wrong !== undefined)
    throw new UsageError(`--for ${wrong}: expected an account such as shop or shop@10.%.`);
  const long = all.find((account) => account.length > longestAccount);
  if (long !== undefined)
    throw new UsageError(
      `--for ${long}: longer than ${longestAccount} characters, so that its procedures cannot be named.`,
    );
  if (new Set(all.map((account) => account.toLowerCase())).size < all.length)
    throw new UsageError('--for: an account is named twice; upper and lower case do not count.');
}

function toStatements(
  { engine, user, rds, for: accounts }: GrantsOptions,
  password: string,
): readonly string[] {
  if (engine === 'postgres') return toPostgresGrants(user, password);
  return toMysqlGrants(engine, accounts?.map(toAccount) ?? (rds ? 'rds' : 'kill'), toAccount(user), password);
}

function toAccount(user: string): string {
  return user.includes('@') ? user : `${user}@%`;
}

function toAdvice({ engine, user, for: accounts }: GrantsOptions): readonly string[] {
  if (engine === 'postgres') return toPostgresAdvice(user);
  return [...(accounts ? ownProceduresAdvice : []), ...toMysqlAdvice(engine)];
}

const ownProceduresAdvice = [
  'Not for administrators: whoever may call such a procedure may end what its user may end. On MariaDB the account must be the one that the',
  'sessions are logged in as, host and all; name each.',
  'Nobody but administrators may create anything in the schema unleak: what it holds is called with the rights of its definers.',
  'Where CREATE PROCEDURE is refused (error 1227; on RDS for MariaDB it is), grant CREATE ROUTINE ON unleak.* to that user, and',
  'run it as that user, without DEFINER = …; then revoke the privilege.',
];

function toHeading({ engine, rds }: GrantsOptions): string[] {
  const who = rds ? 'the master user' : engine === 'postgres' ? 'a superuser' : 'root';
  return [
    `A login with the least rights for unleak on ${rds ? 'RDS ' : ''}${product[engine]}; run as ${who}.`,
    'The password was made for this run and is kept nowhere: put it into Secrets Manager as',
    '{"username": "…", "password": "…"}.',
  ];
}
