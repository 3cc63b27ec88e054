import { askOrNull } from '../connection/ask-or-null.ts';
import type { LostLocks } from '../../../core/model/snapshot.ts';
import type { Attributes } from './attributes.ts';
import { askIfAllowed } from '../connection/privileges.ts';
import type { Seen } from './raw-session.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** Where the record of locks grows by itself (-1), it ends here: 1,024 pages of 1,024 locks. */
const mostLocks = 1_048_576;

// A record that is full has a million rows; who holds them is a detail, and must not cost a sweep its time.
const holders = `
  SELECT /*+ MAX_EXECUTION_TIME(2000) */ t.processlist_id AS id, t.processlist_user AS user, t.processlist_host AS host, h.locks
  FROM (SELECT owner_thread_id AS thread, COUNT(*) AS locks FROM performance_schema.metadata_locks
    GROUP BY owner_thread_id ORDER BY locks DESC LIMIT 3) h
  JOIN performance_schema.threads t ON t.thread_id = h.thread
  WHERE t.processlist_id IS NOT NULL ORDER BY h.locks DESC`;

/** Whether the server has had no room for a lock since its start, or since somebody made it forget. */
export function hasLostLocks(server: Row): boolean {
  return Number(server['locks_lost'] ?? 0) > 0;
}

/** How many locks were not recorded, and who holds most of those that were; undefined where none was lost. */
export async function readLostLocks(
  wire: Wire,
  server: Row,
  attributes: ReadonlyMap<string, Attributes> | null,
): Promise<LostLocks | undefined> {
  if (!hasLostLocks(server)) return undefined;
  const rows = (await askOrNull(wire, holders)) ?? [];
  return {
    lost: Number(server['locks_lost']),
    holders: rows.map((row) => ({
      id: row['id'] ?? '',
      user: row['user'] ?? null,
      application: attributes?.get(row['id'] ?? '')?.['program_name'] ?? null,
      client: row['host']?.replace(/:\d+$/, '') ?? null,
      locks: Number(row['locks']),
    })),
  };
}

/**
 * The sessions that may hold a lock nobody sees. FLUSH STATUS forgets that locks were lost, and no time of connection is shown. Where
 * the record was ever full, a session that has rested since before FLUSH STATUS was there before it, and so was every session
 * with a lower number (decision 45).
 */
export async function readHidingSessions(
  wire: Wire,
  server: Row,
  seen: readonly Seen[],
): Promise<ReadonlySet<string>> {
  const isForgotten = server['uptime'] !== server['flushed_seconds'];
  if (!isForgotten || hasLostLocks(server) || !(await wasEverFull(wire, server))) return new Set();
  return toHidingSessions(seen, Number(server['flushed_seconds'] ?? 0));
}

/** Those that connected before FLUSH STATUS, as far as their rest and their numbers show. Whole seconds, so one more is taken for safety. */
export function toHidingSessions(seen: readonly Seen[], flushedSeconds: number): ReadonlySet<string> {
  const sinceMs = Math.max(0, flushedSeconds - 1) * 1_000;
  // Who forges his time until it is unknown hides himself and nobody else.
  const rested = seen.filter(
    ({ isInternal, stateMs }) => !isInternal && stateMs !== null && stateMs >= sinceMs,
  );
  const youngest = rested.reduce((most, { id }) => (BigInt(id) > most ? BigInt(id) : most), -1n);
  const isHiding = ({ id, stateMs }: Seen) => stateMs === null || BigInt(id) <= youngest;
  return new Set(seen.filter(isHiding).map(({ id }) => id));
}

// The record never gives memory back, so its size tells the most that it ever held.
async function wasEverFull(wire: Wire, server: Row): Promise<boolean> {
  const rows = await askIfAllowed(wire, 'SHOW ENGINE PERFORMANCE_SCHEMA STATUS');
  const row = rows?.find((each) => /^metadata_locks\.(?:row_)?count$/.test(each['Name'] ?? ''));
  if (!row) return true;
  const size = Number(server['locks_size'] ?? 0);
  return Number(row['Status']) >= (size < 0 ? mostLocks : size);
}
