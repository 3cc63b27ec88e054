import type { Seen } from './seen.ts';
import type { Row } from './wire.ts';

/** Reads a row of MariaDB's process list, whose TIME_MS no application can forge and whose QUERY_ID changes with every use. */
export function toSeenOnMariadb(row: Row): Seen {
  const host = row['host'] ?? '';
  const milliseconds = Number(row['time_ms'] ?? 'NaN');
  return {
    id: row['id'] ?? '',
    connection: `${row['user'] ?? ''}@${host}`,
    use: row['query_id'] ?? null,
    user: row['user'] ?? null,
    client: host.replace(/:\d+$/, ''),
    database: row['db'] ?? '',
    command: row['command'] ?? '',
    isInternal: false,
    isReplica: false,
    isWaking: false,
    stateMs: milliseconds >= 0 ? Math.floor(milliseconds) : null,
    isInTransaction: null,
    transactionMs: null,
    statement: row['statement'] ?? null,
  };
}
