import { randomBytes } from 'node:crypto';
import {
  type Ending,
  longestAccount,
  toAdvice as toMysqlAdvice,
  toGrants as toMysqlGrants,
} from '../../functions/engines/mysql/grants.ts';
import {
  toAdvice as toPostgresAdvice,
  toGrants as toPostgresGrants,
} from '../../functions/engines/postgres/grants.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Console } from '../terminal/console.ts';
import { productNames } from '../terminal/name-server.ts';
import { toJson } from '../terminal/to-json.ts';
import { UsageError } from '../usage-error.ts';

/** The options of `unleak grants`. */
export interface GrantsOptions {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  readonly rds?: true;
  readonly for?: readonly string[];
  readonly user: string;
  readonly json?: true;
}

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
  // In a pipe the server's client reads the SQL and shows nothing of it.
  if (!screen.isTerminal)
    screen.progress(`The password of ${cleanText(user, 96)}, shown this once: ${password}`);
  screen.print(...toHeading(options).map((line) => `-- ${line}`));
  screen.print(...statements.map((statement) => `${statement};`));
  screen.print(...toAdvice(options).map((line) => `-- ${line}`));
  return exitCodes.fine;
}

/** Names of procedures do not tell upper case from lower, nor accents, so two accounts that differ in nothing else would have one pair. */
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
  const sameName = new Intl.Collator('en', { sensitivity: 'base' }).compare;
  const twice = all.find((account, index) =>
    all.slice(0, index).some((other) => sameName(account, other) === 0),
  );
  if (twice !== undefined)
    throw new UsageError(`--for ${twice}: named twice; upper and lower case and accents do not count.`);
}

function toStatements(options: GrantsOptions, password: string): readonly string[] {
  const { engine, user } = options;
  if (engine === 'postgres') return toPostgresGrants(user, password);
  return toMysqlGrants(engine, toEnding(options), toAccount(user), password);
}

/** The servers keep hosts in lower case. */
function toAccount(user: string): string {
  const at = user.lastIndexOf('@');
  return at === -1 ? `${user}@%` : `${user.slice(0, at)}${user.slice(at).toLowerCase()}`;
}

function toAdvice(options: GrantsOptions): readonly string[] {
  const { engine, user } = options;
  return engine === 'postgres' ? toPostgresAdvice(user) : toMysqlAdvice(engine, toEnding(options));
}

function toEnding({ rds, for: accounts }: GrantsOptions): Ending {
  return accounts?.map(toAccount) ?? (rds ? 'rds' : 'kill');
}

function toHeading({ engine, rds }: GrantsOptions): string[] {
  const who = rds ? 'the master user' : engine === 'postgres' ? 'a superuser' : 'root';
  return [
    `A login with the least rights for unleak on ${rds ? 'RDS ' : ''}${productNames[engine]}; run as ${who}.`,
    'The password was made for this run and is kept nowhere: put it into Secrets Manager as',
    '{"username": "…", "password": "…"}.',
  ];
}
