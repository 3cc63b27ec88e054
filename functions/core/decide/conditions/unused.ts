import { formatDuration } from '../../text/format-duration.ts';
import type { Session } from '../../model/session.ts';
import type { Condition } from './condition.ts';

/** A connection whose last work ended within this time of connecting was never used again after its first work. */
export const firstWorkMs = 5_000;

/** The session was never used again after its first work. */
export const unused: Condition = {
  name: 'unused',
  subject: 'how long it worked at first',
  ask: ({ rule }, session) => {
    if (!rule.unused) return 'yes';
    const ms = workedMs(session);
    return ms === null ? 'unknown' : ms <= firstWorkMs ? 'yes' : 'no';
  },
  describeMiss: (_compiled, session) => ({
    measured: workedMs(session),
    threshold: firstWorkMs,
    says: `used again ${formatDuration(workedMs(session) ?? 0)} after connecting (limit ${formatDuration(firstWorkMs)})`,
  }),
  describeMatch: (rule, session) =>
    rule.unused ? `never used again after its first ${formatDuration(workedMs(session) ?? 0)}` : null,
};

/** Milliseconds from connecting to the end of the last work; null where the engine does not tell. */
export function workedMs(session: Session): number | null {
  return session.openMs === null || session.stateMs === null ? null : session.openMs - session.stateMs;
}
