import type { Blocked, Session } from '../../model/session.ts';
import type { Match } from '../match.ts';
import { atLeast, type Condition, tooShort, withLimit } from './condition.ts';

/**
 * The session has kept another one waiting for long enough, by a lock. Who waits for its snapshot to go does not count: anybody
 * may wait for the snapshot of a mere reader (decision 70).
 */
export const blocking: Condition = {
  name: 'blocking',
  subject: 'how long others have waited for it',
  ask: ({ rule }, session) => (rule.blockingMs === null ? 'yes' : isBlocking(session, rule.blockingMs)),
  describeMiss: ({ rule }, session) =>
    lockedOut(session)?.length === 0
      ? { measured: 0, threshold: rule.blockingMs, says: nobodyWaits(session) }
      : tooShort('others have waited for', longestWaitMs(session), rule.blockingMs),
  describeMatch: (rule, session) =>
    rule.blockingMs === null
      ? null
      : `keeps others waiting, the longest for ${withLimit(longestWaitMs(session), rule.blockingMs)}`,
};

/** Milliseconds the longest waiter has waited for this session; 0 when nobody waits, null when it cannot be known. */
export function longestWaitMs(session: Session): number | null {
  const blocked = lockedOut(session);
  if (blocked === null) return null;
  const known = blocked.map(({ waitingMs }) => waitingMs).filter((ms) => ms !== null);
  if (known.length === 0 && blocked.length > 0) return null;
  return known.reduce((longest, ms) => Math.max(longest, ms), 0);
}

/** One waiter whose time is unknown may have waited long enough, so it leaves a no open. */
function isBlocking(session: Session, thresholdMs: number): Match {
  const blocks = lockedOut(session);
  if (blocks === null) return 'unknown';
  const answers = blocks.map((blocked) => atLeast(blocked.waitingMs, thresholdMs));
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

/** Those who wait for a lock of it. */
function lockedOut({ blocks }: Session): readonly Blocked[] | null {
  return blocks && blocks.filter(({ waitsFor }) => waitsFor !== 'snapshot');
}

function nobodyWaits({ blocks }: Session): string {
  return blocks?.length
    ? 'others wait for its snapshot to go, which `blocking` does not count'
    : 'it keeps no session waiting';
}
