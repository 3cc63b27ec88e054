import type { Seen } from '../snapshot/raw-session.ts';
import type { Row } from '../connection/row.ts';

/** Which events the server records now; what it does not record is unknown, not absent. */
export interface Recorded {
  readonly statements: boolean;
  readonly transactions: boolean;
}

const wrap = 2n ** 64n;
const psPerMs = 1_000_000_000n;
const mostDoubtMs = 2_000;

/** Reads a row of performance_schema.threads with its current statement and transaction. */
export function toSeenOnMysql(row: Row, recorded: Recorded): Seen {
  const isTimed = recorded.statements && row['instrumented'] === 'YES';
  const isInTransaction =
    recorded.transactions && row['instrumented'] === 'YES' ? row['transaction'] === 'ACTIVE' : null;
  return {
    ...toPlainSeen(row, row['host'] ?? ''),
    connection: row['thread'] ?? '',
    use: isTimed ? (row['event'] ?? '0') : null,
    isInternal: row['transport'] == null,
    isReplica: /slave|replica|applier/.test(row['name'] ?? ''),
    isWaking: row['command'] === 'Sleep' && row['event'] != null && row['ended'] === '0',
    stateMs: isTimed ? stateMs(row) : null,
    isInTransaction,
    transactionMs: isInTransaction === null ? null : isInTransaction ? sinceMs(row, 'transaction_ps') : 0,
    isXa: isInTransaction && row['xa_state'] != null && row['xa_state'] !== 'NOTXA',
  };
}

/** Reads a row of information_schema.processlist, where MySQL tells no time that an application could not forge. */
export function toSeenWithoutEvents(row: Row): Seen {
  const host = row['host'] ?? '';
  return {
    ...toPlainSeen(row, host.replace(/:\d+$/, '')),
    connection: `${row['user'] ?? ''}@${host}`,
    use: null,
    isInternal: false,
    isReplica: false,
    isWaking: false,
    stateMs: null,
    isInTransaction: null,
    transactionMs: null,
    isXa: null,
  };
}

function toPlainSeen(row: Row, client: string) {
  return {
    id: row['id'] ?? '',
    user: row['user'] ?? null,
    client,
    database: row['db'] ?? '',
    command: row['command'] ?? '',
    serverState: row['server_state'] || null,
    statement: row['statement'] ?? null,
    isStatementCut: row['statement_cut'] === '1',
  };
}

/** Milliseconds asleep or at work, by the events' timer; null when it and the server's TIME contradict each other. */
function stateMs(row: Row): number | null {
  const seconds = Number(row['seconds'] ?? 'NaN');
  // Never used, so that it cannot have forged TIME either.
  if (row['event'] == null) return neverUsedMs(seconds * 1_000, row);
  if (row['ended'] === '0') return sinceMs(row, 'started_ps');
  const asleepMs = sinceMs(row, 'ended_ps');
  // A shorter TIME: statements went by while recording was switched off. (A longer one is a forged one.)
  const isDoubtful = asleepMs !== null && seconds > 0 && seconds * 1_000 + mostDoubtMs < asleepMs;
  return isDoubtful ? null : asleepMs;
}

/**
 * Until its first statement a session's TIME counts from when it began to log in, and it may be about to send that statement
 * (measured: slow logins, ended with their first statement on the wire). A login takes connect_timeout at most.
 */
export function neverUsedMs(sinceConnectingMs: number, row: Row): number | null {
  if (!(sinceConnectingMs >= 0)) return null;
  const longestLoginMs = Number(row['login_seconds'] ?? 'NaN') * 1_000;
  return Number.isNaN(longestLoginMs) ? null : Math.max(0, Math.floor(sinceConnectingMs - longestLoginMs));
}

function sinceMs(row: Row, timer: string): number | null {
  const now = row['now_ps'];
  const then = row[timer];
  return now == null || then == null ? null : elapsedMs(BigInt(now), BigInt(then));
}

/**
 * Milliseconds between two timers in picoseconds. They start anew after 2^64 (213 days), which shows as a huge step back; a
 * small step back is an event that ended while we were reading, and is no time at all.
 */
export function elapsedMs(now: bigint, then: bigint): number {
  const difference = now - then;
  const elapsed = difference < -wrap / 2n ? difference + wrap : difference;
  return elapsed < 0n ? 0 : Number(elapsed / psPerMs);
}
