import { formatDuration } from '../../text/format-duration.ts';
import { atLeast, type Condition, tooShort, withLimit } from './condition.ts';

/**
 * Whether the session waits for a lock. A victim of somebody else's lock looks like a runaway, so that a rule which says
 * nothing about waiting takes only sessions at work that wait for no lock.
 */
export const waiting: Condition = {
  name: 'waiting',
  subject: 'whether it waits for a lock, or since when,',
  ask: ({ rule: { waitingMs: wantedMs } }, { state, waitsForLock, waitingMs }) => {
    if (wantedMs === null && state !== 'active' && state !== null) return 'yes'; // what rests waits for no lock
    if (waitsForLock === null) return 'unknown';
    if (wantedMs === null) return waitsForLock ? 'no' : 'yes';
    return waitsForLock ? atLeast(waitingMs, wantedMs === 0 ? null : wantedMs) : 'no';
  },
  describeMiss: ({ rule: { waitingMs: wantedMs } }, { waitsForLock, waitingMs }) => {
    if (wantedMs === null) return waits(waitingMs);
    if (waitsForLock) return tooShort('it has waited for a lock for', waitingMs, wantedMs);
    return { measured: 0, threshold: wantedMs, says: 'it waits for no lock' };
  },
  describeMatch: ({ waitingMs: wantedMs }, { waitingMs }) => {
    if (wantedMs === null) return null;
    return wantedMs === 0 ? 'waits for a lock' : `waits for a lock for ${withLimit(waitingMs, wantedMs)}`;
  },
};

function waits(waitingMs: number | null) {
  const since = waitingMs === null || waitingMs === 0 ? '' : ` for ${formatDuration(waitingMs)}`;
  const says = `it has waited for a lock${since}, and the rule is for sessions that do not wait (waiting: true takes those that do)`;
  return { measured: waitingMs, threshold: null, says };
}
