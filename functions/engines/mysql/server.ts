import { Fault } from '../../core/faults.ts';
import type { Wire } from './wire.ts';

/** Which of the two products answers. */
export type Flavour = 'mysql' | 'mariadb';

/** Reads which server it is; versions that lack what we rely on are a Connect fault. */
export async function readServer(wire: Wire): Promise<Flavour> {
  const [row] = await wire.ask('SELECT VERSION() AS version');
  return toFlavour(row?.['version'] ?? '');
}

/** The product that a version text names; a Connect fault below MySQL 8.0 and MariaDB 10.6. */
export function toFlavour(version: string): Flavour {
  const flavour = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const oldest = flavour === 'mariadb' ? [10, 6] : [8, 0];
  if (major > (oldest[0] ?? 0) || (major === oldest[0] && minor >= (oldest[1] ?? 0))) return flavour;
  throw new Fault({
    kind: 'Connect',
    code: 'connect.unsupported_version',
    step: 'connect',
    actor: 'operator',
    message: `The server says it is version ${version.slice(0, 40).replace(/[^\w.+-]/g, '?')}; unleak needs MySQL 8.0 or MariaDB 10.6 or newer.`,
  });
}

/**
 * The settings of our session: limits on every statement, and nothing left to the server's defaults. The time zone is
 * the system's, because InnoDB tells the start of a transaction in that one whatever the session says.
 */
export function sessionSettings(flavour: Flavour, statementMs: number): string {
  const limit =
    flavour === 'mysql'
      ? `max_execution_time = ${Math.ceil(statementMs)}`
      : `max_statement_time = ${statementMs / 1_000}`;
  const settings = [
    `sql_mode = ''`,
    `time_zone = 'SYSTEM'`,
    'autocommit = 1',
    'lock_wait_timeout = 1',
    'innodb_lock_wait_timeout = 1',
    'timestamp = DEFAULT',
    limit,
  ];
  return `SET SESSION ${settings.join(', ')}; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ`;
}
