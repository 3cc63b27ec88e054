import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';

type Words = readonly (readonly [state: RegExp, what: string])[];

/** By the wait events of PostgreSQL whose holder it does not show. */
const onPostgres: Words = [
  [/^BufferPin$/, 'a page of a table to be unpinned'],
  [/^SafeSnapshot$/, 'a safe snapshot'],
  [/^SyncRep$/, 'a synchronous standby'],
  [/^RecoveryConflict/, 'the replay of a standby'],
];

/** By the STATEs of MySQL and MariaDB; InnoDB's waits for rows show as work. */
const onMysql: Words = [
  [/^User lock$/i, 'a lock by name (GET_LOCK)'],
  [/backup|global read|commit lock/i, 'the lock of a backup'],
  [/^Waiting for /i, 'a lock on a table'],
];

/** What a session waits for, where nobody can tell for whom, as the object of a sentence. */
export function whatFor(session: Session | null, engine: Snapshot['engine']): string {
  const words = engine === 'postgres' ? onPostgres : onMysql;
  const state = session?.serverState ?? '';
  const known = words.find(([pattern]) => pattern.test(state));
  return known?.[1] ?? 'a lock';
}

/** Whether what they wait for is a table, or on one, so that the table in their statements tells which. */
export function isOfTable(what: string): boolean {
  return what !== 'a lock by name (GET_LOCK)' && what !== 'the lock of a backup';
}

/** Where people find the holder of what nobody shows. */
export function whereToFind(what: string, engine: Snapshot['engine']): string {
  switch (what) {
    case 'a page of a table to be unpinned':
      return 'Look for a session with an open cursor on that table: idle in transaction, its last statement a FETCH or a DECLARE CURSOR.';
    case 'a synchronous standby':
      return 'Look at the standbys in synchronous_standby_names: is one down or behind (pg_stat_replication)?';
    case 'the replay of a standby':
      return 'Look at the replay: it waits for queries on this standby, or they for it (pg_stat_database_conflicts).';
    case 'a lock by name (GET_LOCK)':
      return "Ask the server who has it: SELECT IS_USED_LOCK('name') gives the session's number.";
    case 'the lock of a backup':
      return 'Look for a backup: a session with FLUSH TABLES WITH READ LOCK or BACKUP STAGE.';
    default:
      return engine === 'postgres'
        ? 'Look for a session that rests in a transaction.'
        : 'Look for a session that rests in a transaction or holds LOCK TABLES.';
  }
}
