import type { GuardName } from '../../contract/guard-names.ts';
import type { Blocked, Session } from './session.ts';

/** How many may connect, on the whole server, and how many do. */
export interface Capacity {
  readonly maxConnections: number;
  /** Slots kept for superusers and reserved roles. */
  readonly reserved: number;
  /** Slots taken, ours included. */
  readonly used: number;
  readonly limits: readonly ConnectionLimit[];
}

/** A limit narrower than the server's: of one role, database or user. */
export interface ConnectionLimit {
  readonly kind: 'role' | 'database' | 'user';
  readonly name: string;
  readonly limit: number;
  readonly used: number;
}

/** A privilege our login lacks, what that hides or prevents, and the statement that grants it. */
export interface MissingPrivilege {
  readonly prevents: 'seeing' | 'ending' | 'detail';
  readonly what: string;
  readonly grant: string;
}

/** What the server does by itself about sessions that fall silent, for everybody who has no setting of their own. */
export interface ServerTimeouts {
  /** In milliseconds, 0 where it is switched off; left out where this server has no such guard or does not tell. */
  readonly limitsMs: Readonly<Partial<Record<GuardName, number>>>;
  /** Users with a setting of their own for one of them (PostgreSQL's ALTER ROLE). */
  readonly exempt: readonly string[];
}

/** A login that may end the sessions of some users only. */
export interface KillScope {
  readonly users: readonly string[];
  /** The ids of sessions of these users that it still may not end, or not for sure. */
  readonly butNot: readonly string[];
}

/** A transaction that no session holds: it keeps its locks until somebody ends it by its name, restarts included. */
export interface DetachedTransaction {
  readonly kind: 'prepared' | 'xa';
  /** PostgreSQL's gid, or the XID as `XA ROLLBACK` wants it. */
  readonly name: string;
  readonly user: string | null;
  readonly database: string | null;
  /** Since it was prepared, in milliseconds; null where the server does not record it. */
  readonly ageMs: number | null;
  readonly blocks: readonly Blocked[];
}

/** Locks that the server had no room to record, so that of no session it is known whether it holds one. */
export interface LostLocks {
  readonly lost: number;
  /** Who holds most of those that it did record, the most first. */
  readonly holders: readonly {
    readonly id: string;
    readonly user: string | null;
    readonly application: string | null;
    readonly client: string | null;
    readonly locks: number;
  }[];
}

/** All sessions and the capacity at one database instant. */
export interface Snapshot {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  /** The server's own version text, such as `18.4` or `10.11.14-MariaDB`. */
  readonly version: string;
  /** The database's clock, ISO 8601 in UTC. */
  readonly takenAt: string;
  /** When the server started, by its own clock, ISO 8601 in UTC; null where it does not tell, left out where nobody asked. */
  readonly startedAt?: string | null;
  readonly capacity: Capacity;
  readonly sessions: readonly Session[];
  readonly missing: readonly MissingPrivilege[];
  /** Prepared transactions and XA branches without a session; null where they could not be read, left out where nobody asked. */
  readonly detached?: readonly DetachedTransaction[] | null;
  /** Whose sessions our login may end; left out where it may end those of all. */
  readonly killScope?: KillScope;
  /** Left out where none was lost, and in saved snapshots. */
  readonly lostLocks?: LostLocks;
  /** Left out in snapshots saved before there were any. */
  readonly guards?: ServerTimeouts;
}

/** The part of the slots open to ordinary logins that is taken; above 1 when reserved slots are in use as well. */
export function utilizationOf(capacity: Capacity): number {
  return capacity.used / usableSlots(capacity);
}

/** The slots that ordinary logins can use; at least 1. */
export function usableSlots(capacity: Capacity): number {
  return Math.max(1, capacity.maxConnections - capacity.reserved);
}
