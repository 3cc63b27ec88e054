import { askIfAllowed } from './privileges.ts';
import { toSeenOnMariadb } from './seen-on-mariadb.ts';
import { toSeenOnMysql, toSeenWithoutEvents } from './seen-on-mysql.ts';
import type { Seen } from './seen.ts';
import type { Flavour } from './server.ts';
import { instruments, sessionsWithoutEvents, snapshotSql } from './snapshot-sql.ts';
import type { Wire } from './wire.ts';

/** All that are connected, and what the server records about them. */
export interface Listing {
  readonly seen: readonly Seen[];
  /** Whether our login may read performance_schema; false where it is off. */
  readonly readsEvents: boolean;
  readonly recordsStatements: boolean;
  readonly recordsLocks: boolean;
}

/** Lists the sessions by the best source that the server has and our login may read. */
export async function listSessions(wire: Wire, flavour: Flavour, hasEvents: boolean): Promise<Listing> {
  const recorded = hasEvents ? await readRecorded(wire) : null;
  if (flavour === 'mariadb') {
    const rows = await wire.ask(snapshotSql.mariadb.sessions);
    return { ...toListing(recorded), seen: rows.map(toSeenOnMariadb) };
  }
  const rows = recorded === null ? null : await askIfAllowed(wire, snapshotSql.mysql.sessions);
  if (rows !== null && recorded !== null)
    return { ...toListing(recorded), seen: rows.map((row) => toSeenOnMysql(row, recorded)) };
  return { ...toListing(null), seen: (await wire.ask(sessionsWithoutEvents)).map(toSeenWithoutEvents) };
}

interface Recorded {
  readonly statements: boolean;
  readonly transactions: boolean;
  readonly locks: boolean;
}

async function readRecorded(wire: Wire): Promise<Recorded | null> {
  const rows = await askIfAllowed(wire, instruments);
  const row = rows?.[0];
  if (!row) return null;
  return {
    statements: row['statements'] === '1',
    transactions: row['transactions'] === '1',
    locks: row['locks'] === '1',
  };
}

function toListing(recorded: Recorded | null) {
  return {
    readsEvents: recorded !== null,
    recordsStatements: recorded?.statements ?? false,
    recordsLocks: recorded?.locks ?? false,
  };
}
