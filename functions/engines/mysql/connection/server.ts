import { Fault } from '../../../core/model/fault.ts';
import type { Wire } from './wire.ts';

/** Which of the two products answers. */
export type Variant = 'mysql' | 'mariadb';

/**
 * Reads which server it is, as the first statement of all: nothing of ours may stay in the connection of a pooler. Versions
 * that lack what we rely on, and whoever gave our login another thread than the one that answers, are a Connect fault.
 */
export async function readServer(wire: Wire, threadId: number | undefined): Promise<Variant> {
  // In one statement, since proxies may answer a bare SELECT CONNECTION_ID() by themselves; LIMIT precedes sql_select_limit.
  const [row] = await wire.ask('SELECT VERSION() AS version, CONNECTION_ID() AS id LIMIT 1');
  if (isSameThread(row?.['id'] ?? '', threadId)) return toVariant(row?.['version'] ?? '');
  throw new Fault({
    code: 'connect.pooler',
    step: 'connect',
    message:
      'What answers there is a connection pooler or a proxy (such as RDS Proxy, ProxySQL or MaxScale), not the server itself. Name the host and the port of the server.',
  });
}

/** The greeting has the lower 32 bits of the number only. */
function isSameThread(connectionId: string, threadId: number | undefined): boolean {
  return /^\d+$/.test(connectionId) && BigInt.asUintN(32, BigInt(connectionId)) === BigInt(threadId ?? -1);
}

/** The product that a version text names; a Connect fault below MySQL 8.0 and MariaDB 10.6. */
export function toVariant(version: string): Variant {
  const variant = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const oldest = variant === 'mariadb' ? [10, 6] : [8, 0];
  if (major > (oldest[0] ?? 0) || (major === oldest[0] && minor >= (oldest[1] ?? 0))) return variant;
  throw new Fault({
    code: 'connect.unsupported_version',
    step: 'connect',
    message: `The server says it is version ${version.slice(0, 40).replace(/[^\w.+-]/g, '?')}; unleak needs MySQL 8.0 or MariaDB 10.6 or newer.`,
  });
}

/**
 * What must hold before the first read, on either product: a server-wide `sql_select_limit` would cut our lists in silence,
 * `completion_type` would end our connection with a COMMIT, `max_join_size` would refuse our joins. Every value is written
 * out, because DEFAULT takes the server's. The time zone is the system's, because InnoDB tells the start of a transaction
 * in that one whatever the session says.
 */
export const readingSettings = `SET SESSION ${[
  'sql_select_limit = 18446744073709551615',
  'max_join_size = 18446744073709551615',
  'sql_big_selects = 1',
  'completion_type = 0',
  `sql_mode = ''`,
  'sql_auto_is_null = 0',
  'sql_safe_updates = 0',
  'sql_quote_show_create = 1',
  'max_sort_length = 1024', // by which GROUP BY would take two long names for one
  `time_zone = 'SYSTEM'`,
  'timestamp = DEFAULT',
  'autocommit = 1',
  'wait_timeout = 900', // for `look --watch`; a sweep shortens it when it takes the lock
  'interactive_timeout = 900',
  'net_read_timeout = 30',
  'net_write_timeout = 30', // a client that vanished is no longer written to
].join(', ')}; SET NAMES utf8mb4; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE`;

/** The limits on every statement of our session. */
export function limitSettings(variant: Variant, statementMs: number): string {
  const limit =
    variant === 'mysql'
      ? `max_execution_time = ${Math.ceil(statementMs)}`
      : `max_statement_time = ${statementMs / 1_000}`;
  return `SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, ${limit}`;
}
