import type { Blocked } from '../../core/session.ts';
import { metadataWaits, type SnapshotSql } from './snapshot-sql.ts';
import { errnoOf } from './to-fault.ts';
import type { Transaction } from './transactions.ts';
import type { Row, Wire } from './wire.ts';

/** Who keeps whom waiting, by the blocker's id; null when row locks cannot be read, or not in time. */
export async function readBlocks(
  wire: Wire,
  sql: SnapshotSql,
  transactions: ReadonlyMap<string, Transaction> | null,
  hasMetadataLocks: boolean,
): Promise<ReadonlyMap<string, readonly Blocked[]> | null> {
  // A stale list of transactions means a stale list of waits; and reading waits costs the server most, so only if there are any.
  if (transactions === null) return null;
  const isAnyWaiting = [...transactions.values()].some(({ isWaiting }) => isWaiting);
  const rows = isAnyWaiting ? await askOrNull(wire, sql.rowWaits) : [];
  const tables = hasMetadataLocks ? await askOrNull(wire, metadataWaits) : [];
  return rows === null ? null : toBlocks([...rows, ...(tables ?? [])]);
}

// A queue too long to read is when a sweep is needed most, so whatever the server objects costs this detail alone.
async function askOrNull(wire: Wire, question: string): Promise<readonly Row[] | null> {
  try {
    return await wire.ask(question);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}

/** Gathers the waiters of each blocker, each once. */
export function toBlocks(rows: readonly Row[]): ReadonlyMap<string, readonly Blocked[]> {
  const all = new Map<string, Blocked[]>();
  for (const row of rows) {
    const waiter = {
      id: row['waiter'] ?? '',
      waitingMs: row['waiting_ms'] == null ? null : Number(row['waiting_ms']),
    };
    const blocked = all.get(row['blocker'] ?? '') ?? [];
    if (!blocked.some(({ id }) => id === waiter.id)) blocked.push(waiter);
    all.set(row['blocker'] ?? '', blocked);
  }
  return all;
}
