import type { RuleState } from '../../contract/rule.ts';
import type { Tags } from '../../contract/tag-names.ts';

/** A session's state in PostgreSQL's words; `other` is a state no rule can speak of (fast-path calls, starting). */
export type SessionState = RuleState | 'other';

/** What kind of thing holds the connection: only a client is ever considered. */
export type SessionKind = 'client' | 'replication' | 'background' | 'unleak';

/** Another session that this one keeps waiting; `waitingMs` is null where the server does not tell since when. */
export interface Blocked {
  readonly id: string;
  readonly waitingMs: number | null;
  /** Left out for a lock. `snapshot`: it waits for the other's transaction, and so its old snapshot, to end, whatever locks that one has. */
  readonly waitsFor?: 'snapshot';
}

/** What, beside the number, makes it this session: `connection` stays equal while the connection lives (PostgreSQL's
 *  backend_start in microseconds; MySQL's user, host and port) and tells a survivor from a reused number; the other keys
 *  are the engine's own and stay equal while the session has not been used again. Compared for equality only. */
export type SessionIdentity = Readonly<Record<string, string> & { connection: string }>;

/**
 * Someone else's connection at one database instant. A fact that could not be read is null, never a default: doubt
 * spares. Text is as the server gave it, so it must pass render/ before people see it; `statement` has no literals.
 */
export interface Session {
  /** PostgreSQL's pid, MySQL's connection id; decimal text, since both exceed what a person should compute with. */
  readonly id: string;
  readonly identity: SessionIdentity;
  readonly kind: SessionKind;
  readonly user: string | null;
  readonly database: string | null;
  /** application_name or program_name; empty when the client gave none. */
  readonly application: string | null;
  /** The client's address or host name without its port; empty for a local socket. */
  readonly client: string | null;
  readonly state: SessionState | null;
  /** Time in this state, in milliseconds. */
  readonly stateMs: number | null;
  /** Age of the connection, in milliseconds; always null on MySQL, which does not keep it. */
  readonly openMs: number | null;
  /** Age of the open transaction, in milliseconds; 0 when there is none. */
  readonly transactionMs: number | null;
  /** The running or last statement, its literals removed. */
  readonly statement: string | null;
  readonly superuser: boolean | null;
  /** Whether it is known to LISTEN: as far as its last statement tells, on PostgreSQL. */
  readonly listening: boolean;
  /** Whether it is known to be in the midst of a backup: by a lock of the whole server (FLUSH TABLES WITH READ LOCK) on MySQL
   *  and MariaDB, by pg_backup_start in its last statement on PostgreSQL. Null where MySQL does not record such locks, or cut off the
   *  program's name. */
  readonly backingUp: boolean | null;
  /** Whether it holds a session advisory lock or a GET_LOCK. */
  readonly advisoryLock: boolean | null;
  /** Whether it holds a lock of its own on a whole table: LOCK TABLES, FLUSH TABLES t WITH READ LOCK, HANDLER (MySQL and MariaDB). */
  readonly tableLock: boolean | null;
  /** Whether it holds a branch of an XA transaction that is prepared or about to be (MySQL and MariaDB). */
  readonly xa: boolean | null;
  /** Whether it has temporary tables of its own, which end with it. */
  readonly temporaryTable: boolean | null;
  /** Whether another session keeps it waiting, by a lock of any kind. */
  readonly waitsForLock: boolean | null;
  /** For how long it has waited for that lock, in milliseconds, at least; 0 when it does not wait, null when that is unknown. */
  readonly waitingMs: number | null;
  /** Whether it is at work and waits for its client: a COPY FROM STDIN without data, a result that its client does not take. */
  readonly waitsForClient: boolean | null;
  /** The server's own word for what it does (MySQL's and MariaDB's STATE), or on PostgreSQL waits for; null where there is none. */
  readonly serverState: string | null;
  /** Whom it keeps waiting, as far as known; null where nobody is known and there may be some. */
  readonly blocks: readonly Blocked[] | null;
  /** Client attributes beside the application, such as `_client_name` or `_pid` on MySQL. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What the program wrote about itself into a comment of its statement, by allowed keys only: `route`, `controller`. */
  readonly tags: Tags;
}
