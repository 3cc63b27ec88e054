import { firstWorkMs, workedMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { countSessions, nameGroup, type Situation } from './situation.ts';

const leastSessions = 3;

/** Sessions that were used for a while and then kept idle: a pool without an idle limit, or workers that never let go. */
export function findIdleSessions({ groups }: Situation): Finding[] {
  return groups.flatMap((group) => {
    const idle = group.sessions.filter((session) => session.state === 'idle');
    const usedOnce = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
    if (idle.length < leastSessions || usedOnce.length * 2 >= idle.length) return [];
    return [
      {
        code: 'idle-sessions',
        severity: 'info',
        certainty: 'possible',
        title: `${nameGroup(group)} keeps connections open that it no longer uses.`,
        evidence: `${countSessions(idle.length)} idle, the longest for ${formatDuration(longestMs(idle))}.`,
        advice:
          'Give the pool an idle limit shorter than the rule allows, make the pool smaller, or close connections when a worker has nothing to do.',
      } satisfies Finding,
    ];
  });
}
