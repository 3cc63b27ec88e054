import type { Session } from '../../model/session.ts';
import type { Match } from '../match.ts';
import { atLeast, type Condition, tooShort, withLimit } from './condition.ts';

/** The session has kept another one waiting for long enough. */
export const blocking: Condition = {
  name: 'blocking',
  subject: 'how long others have waited for it',
  ask: ({ rule }, session) => (rule.blockingMs === null ? 'yes' : isBlocking(session, rule.blockingMs)),
  describeMiss: ({ rule }, session) =>
    session.blocks?.length === 0
      ? { measured: 0, threshold: rule.blockingMs, says: 'it keeps no session waiting' }
      : tooShort('others have waited for', longestWaitMs(session), rule.blockingMs),
  describeMatch: (rule, session) =>
    rule.blockingMs === null
      ? null
      : `keeps ${count(session.blocks?.length ?? 0)} waiting, the longest for ${withLimit(longestWaitMs(session), rule.blockingMs)}`,
};

/** Milliseconds the longest waiter has waited for this session; 0 when nobody waits, null when it cannot be known. */
export function longestWaitMs(session: Session): number | null {
  if (session.blocks === null) return null;
  const known = session.blocks.map((blocked) => blocked.waitingMs).filter((ms) => ms !== null);
  if (known.length === 0 && session.blocks.length > 0) return null;
  return known.reduce((longest, ms) => Math.max(longest, ms), 0);
}

/** One waiter whose time is unknown may have waited long enough, so it leaves a no open. */
function isBlocking({ blocks }: Session, thresholdMs: number): Match {
  if (blocks === null) return 'unknown';
  const answers = blocks.map((blocked) => atLeast(blocked.waitingMs, thresholdMs));
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

function count(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`;
}
