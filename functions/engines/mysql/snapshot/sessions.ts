import { hasLostLocks } from './lost-locks.ts';
import { askIfAllowed } from '../connection/privileges.ts';
import { toSeenOnMariadb } from '../variants/raw-sessions-on-mariadb.ts';
import { toSeenOnMysql, toSeenWithoutEvents } from '../variants/raw-sessions-on-mysql.ts';
import type { Seen } from './raw-session.ts';
import type { Variant } from '../connection/server.ts';
import { instruments, sessionsWithoutEvents, snapshotSql } from './snapshot-sql.ts';
import type { Row } from '../connection/row.ts';
import type { Wire } from '../connection/wire.ts';

/** All that are connected, and what the server records about them. */
export interface Listing {
  readonly seen: readonly Seen[];
  /** Whether our login may read performance_schema; false where it is off. */
  readonly readsEvents: boolean;
  readonly recordsStatements: boolean;
  readonly recordsTransactions: boolean;
  readonly recordsLocks: boolean;
  /** Whether the server had no room for somebody's session, so that it is in no list and in no identity. */
  readonly mayLackSessions: boolean;
}

/** Lists the sessions by the best source that the server has and our login may read. */
export async function listSessions(wire: Wire, variant: Variant, server: Row): Promise<Listing> {
  const recorded = server['has_events'] === '1' ? await readRecorded(wire, server) : null;
  if (variant === 'mariadb') {
    const rows = await wire.ask(snapshotSql.mariadb.sessions);
    return { ...toListing(recorded), seen: rows.map(toSeenOnMariadb) };
  }
  const rows = recorded === null ? null : await askIfAllowed(wire, snapshotSql.mysql.sessions);
  if (rows !== null && recorded !== null)
    return {
      ...toListing(recorded),
      mayLackSessions: wasLost(server, 'threads_lost'),
      seen: rows.map((row) => toSeenOnMysql(row, recorded)),
    };
  return { ...toListing(null), seen: (await wire.ask(sessionsWithoutEvents)).map(toSeenWithoutEvents) };
}

interface Recorded {
  readonly statements: boolean;
  readonly transactions: boolean;
  readonly locks: boolean;
}

async function readRecorded(wire: Wire, server: Row): Promise<Recorded | null> {
  const rows = await askIfAllowed(wire, instruments);
  const row = rows?.[0];
  if (!row) return null;
  return {
    statements: row['statements'] === '1',
    transactions: row['transactions'] === '1',
    locks: row['locks'] === '1' && !hasLostLocks(server),
  };
}

function wasLost(server: Row, what: 'threads_lost'): boolean {
  return server[what] === '1';
}

function toListing(recorded: Recorded | null) {
  return {
    readsEvents: recorded !== null,
    recordsStatements: recorded?.statements ?? false,
    recordsTransactions: recorded?.transactions ?? false,
    recordsLocks: recorded?.locks ?? false,
    mayLackSessions: false,
  };
}
