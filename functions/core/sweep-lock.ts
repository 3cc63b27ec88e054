/** A session that holds a lock of unleak's name; what could not be read is null. */
export interface LockHolder {
  readonly id: string;
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
  /** For how long it has been there, at least, in milliseconds. */
  readonly ageMs: number | null;
}

/** What came of taking the lock that lets one sweep at a time at a server. Only sessions of our own login keep a sweep out. */
export interface SweepLock {
  readonly isTaken: boolean;
  /** Our own login's sessions that keep this sweep out; empty when the lock was taken. */
  readonly rivals: readonly LockHolder[];
  /** Control connections of ours that hung, longer than two sweeps can last, and were ended. */
  readonly ended: readonly LockHolder[];
  /** Other logins' sessions that hold a lock of unleak's name: they keep nobody out. */
  readonly strangers: readonly LockHolder[];
}
