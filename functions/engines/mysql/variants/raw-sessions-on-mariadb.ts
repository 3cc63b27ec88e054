import { neverUsedMs } from './raw-sessions-on-mysql.ts';
import type { Seen } from '../snapshot/raw-session.ts';
import type { Row } from '../connection/row.ts';

/** Reads a row of MariaDB's process list, whose TIME_MS no application can forge and whose QUERY_ID changes with every use. */
export function toSeenOnMariadb(row: Row): Seen {
  const host = row['host'] ?? '';
  return {
    id: row['id'] ?? '',
    connection: `${row['user'] ?? ''}@${host}`,
    use: row['query_id'] ?? null,
    user: row['user'] ?? null,
    client: host.replace(/:\d+$/, ''),
    database: row['db'] ?? '',
    command: command(row),
    serverState: row['server_state'] || null,
    isInternal: false,
    isReplica: false,
    isWaking: false,
    stateMs: stateMs(row),
    isInTransaction: null,
    transactionMs: null,
    isXa: null,
    statement: row['statement'] ?? null,
    isStatementCut: row['statement_cut'] === '1',
  };
}

/** One asked by KILL QUERY that slept on shows as Killed, with no statement, until it is used: it is as asleep as before (measured). */
function command(row: Row): string {
  const shown = row['command'] ?? '';
  return shown === 'Killed' && row['statement'] == null ? 'Sleep' : shown;
}

/** The number 0 is that of all sessions that have not run anything yet. */
function stateMs(row: Row): number | null {
  const milliseconds = Number(row['time_ms'] ?? 'NaN');
  if (row['query_id'] === '0') return neverUsedMs(milliseconds, row);
  return milliseconds >= 0 ? Math.floor(milliseconds) : null;
}
