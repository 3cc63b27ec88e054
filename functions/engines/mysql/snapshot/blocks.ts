import { askOrNull } from '../connection/ask-or-null.ts';
import type { Blocked } from '../../../core/model/session.ts';
import type { LockSource } from './holders.ts';
import { toLockWaits, toTickets, type Wait } from './lock-waits.ts';
import { toPluginTickets } from './plugin-tickets.ts';
import type { Seen } from './raw-session.ts';
import { isLockState } from './server-states.ts';
import { contendedLocks, everyLockByPlugin, type SnapshotSql } from './snapshot-sql.ts';
import type { Transaction, Transactions } from './transactions.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** Who keeps whom waiting. */
export interface Blocks {
  readonly bySession: ReadonlyMap<string, readonly Blocked[]>;
  /** Those who wait for a branch of XA that no session has any more. */
  readonly byNobody: readonly Blocked[];
  /** Whether that is all: false when a source could not be read, or not in time, or somebody waits and nothing tells for whom. */
  readonly isComplete: boolean;
  /** The STATEs of those who wait and nothing tells for whom. */
  readonly unexplained: ReadonlySet<string>;
}

/** Reads row locks and, where the server records them, metadata locks; what is not known is never taken for none. */
export async function readBlocks(
  wire: Wire,
  sql: SnapshotSql,
  transactions: Transactions | null,
  seen: readonly Seen[],
  source: LockSource,
  mayLackLocks: boolean,
): Promise<Blocks> {
  const rows = await readRowWaits(wire, sql, transactions);
  const locks = await readLockWaits(wire, source, seen);
  const waits = [...(rows ?? []), ...limit(locks ?? [], seen, transactions)];
  const explained = new Set(waits.map(({ waiter }) => waiter));
  const waiting = seen.filter(({ serverState }) => isLockState(serverState));
  const unexplained = waiting.filter(({ id }) => mayLackLocks || !explained.has(id));
  return {
    ...gather(waits),
    isComplete: rows !== null && locks !== null && unexplained.length === 0,
    unexplained: new Set(unexplained.flatMap(({ serverState }) => serverState ?? [])),
  };
}

/** A stale list of transactions means a stale list of waits; and reading waits costs the server most, so only if there are any. */
async function readRowWaits(
  wire: Wire,
  sql: SnapshotSql,
  transactions: Transactions | null,
): Promise<readonly Wait[] | null> {
  if (transactions === null) return null;
  if (![...transactions.bySession.values()].some(({ isWaiting }) => isWaiting)) return [];
  const rows = await askOrNull(wire, sql.rowWaits);
  return rows && rows.map(toWait);
}

async function readLockWaits(
  wire: Wire,
  source: LockSource,
  seen: readonly Seen[],
): Promise<readonly Wait[] | null> {
  if (source === 'events') {
    const rows = await askOrNull(wire, contendedLocks);
    return rows && toLockWaits(toTickets(rows));
  }
  if (source === 'none' || !seen.some(({ serverState }) => isLockState(serverState))) return [];
  const rows = await askOrNull(wire, everyLockByPlugin);
  return rows && toLockWaits(toPluginTickets(rows, seen));
}

function toWait(row: Row): Wait {
  const waitingMs = row['waiting_ms'] == null ? null : Number(row['waiting_ms']);
  return { blocker: row['blocker'] ?? null, waiter: row['waiter'] ?? '', waitingMs };
}

/**
 * No server keeps the start of a wait for a metadata lock. A statement waits since it began, unless it worked first (ALTER TABLE
 * at its end); it waits no longer for somebody than that one's own transaction or statement has lasted.
 */
function limit(
  waits: readonly Wait[],
  seen: readonly Seen[],
  transactions: Transactions | null,
): readonly Wait[] {
  const sessions = new Map(seen.map((session) => [session.id, session]));
  return waits.map((wait) => {
    const waitedMs = sessions.get(wait.waiter)?.stateMs ?? null;
    if (wait.blocker === null) return { ...wait, waitingMs: waitedMs };
    const blocker = sessions.get(wait.blocker);
    const heldMs = blocker ? longestMs(blocker, transactions?.bySession.get(blocker.id)) : null;
    return { ...wait, waitingMs: waitedMs === null || heldMs === null ? null : Math.min(waitedMs, heldMs) };
  });
}

/** How long a session has been at what it does, at most: its transaction, or its statement or rest. */
function longestMs(seen: Seen, transaction: Transaction | undefined): number | null {
  const known = [seen.stateMs, seen.transactionMs, transaction?.ageMs ?? null].filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Gathers the waiters of each blocker, each once, with the longest time that is known. */
function gather(waits: readonly Wait[]): Pick<Blocks, 'bySession' | 'byNobody'> {
  const all = new Map<string | null, Map<string, Blocked>>();
  for (const { blocker, waiter, waitingMs } of waits) {
    const blocked = all.get(blocker) ?? new Map<string, Blocked>();
    const known = blocked.get(waiter)?.waitingMs ?? null;
    blocked.set(waiter, { id: waiter, waitingMs: longer(known, waitingMs) });
    all.set(blocker, blocked);
  }
  const lists = [...all].map(([blocker, blocked]) => [blocker, [...blocked.values()]] as const);
  return {
    bySession: new Map(lists.flatMap(([blocker, blocked]) => (blocker === null ? [] : [[blocker, blocked]]))),
    byNobody: lists.find(([blocker]) => blocker === null)?.[1] ?? [],
  };
}

function longer(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
