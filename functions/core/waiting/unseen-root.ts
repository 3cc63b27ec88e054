import { cleanText } from '../text/clean-text.ts';
import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Waiter } from './queue.ts';

const mostSuspects = 5;

/** What would show the roots: the plugin or the setting of this product, and what our login lacks. */
export function describeSight({ engine, missing, detached }: Snapshot, what: string): readonly string[] {
  if (engine === 'postgres' && what !== 'a lock') return []; // PostgreSQL shows to nobody who has it
  const lacks = missing.filter(({ what }) => /wait|lock|sessions of others|transactions/i.test(what));
  return [
    ...new Set([...bySight[engine], ...lacks.map(({ grant }) => cleanText(grant, 500))]),
    ...(detached === null && engine !== 'postgres'
      ? ['XA RECOVER; lists branches that no session holds']
      : []),
  ];
}

const bySight: Readonly<Record<Snapshot['engine'], readonly string[]>> = {
  postgres: [],
  mysql: [
    "UPDATE performance_schema.setup_instruments SET enabled = 'YES', timed = 'YES' WHERE name = 'wait/lock/metadata/sql/mdl'; shows the locks taken from then on",
  ],
  mariadb: [
    "INSTALL SONAME 'metadata_lock_info'; works at once (error 1126: this build lacks it, Debian's mariadb-server has it)",
  ],
};

/** Sessions with a transaction or at rest that are older than the longest wait and wait for nobody, the oldest first. */
export function findSuspects({ sessions }: Snapshot, waiters: readonly Waiter[]): readonly string[] {
  const waiting = new Set(waiters.map(({ id }) => id));
  const longestMs = waiters[0]?.waitingMs ?? 0;
  return sessions
    .filter(
      (session) => session.kind === 'client' && session.waitsForLock !== true && !waiting.has(session.id),
    )
    .filter((session) => (session.transactionMs ?? 0) > longestMs)
    .sort((a, b) => (b.transactionMs ?? 0) - (a.transactionMs ?? 0))
    .slice(0, mostSuspects)
    .map(({ id }: Session) => cleanText(id, 24));
}
