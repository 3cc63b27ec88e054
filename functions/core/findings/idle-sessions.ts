import { firstWorkMs, workedMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';

const leastSessions = 3;

/** Sessions that were used for a while and then kept idle: a pool without an idle limit, or workers that never let go. */
export function findIdleSessions({ groups }: Situation): Finding[] {
  return groups.flatMap((group) => {
    if (isCelery(group)) return []; // celery-connections tells of them
    const idle = group.sessions.filter((session) => session.state === 'idle');
    const usedOnce = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
    if (idle.length < leastSessions || usedOnce.length * 2 >= idle.length) return [];
    return [
      {
        code: 'idle-sessions',
        severity: 'info',
        certainty: 'possible',
        who: whoOf(group),
        title: `${nameGroup(group)} keeps connections open that it no longer uses.`,
        evidence: `${countSessions(idle.length)} idle, the longest for ${formatDuration(longestMs(idle))}.`,
        advice:
          'Make the pool smaller or give it an idle limit (idleTimeoutMillis, pool_recycle, maxLifetime, CONN_MAX_AGE); in threads and commands of Django call django.db.connection.close() in a finally.',
      } satisfies Finding,
    ];
  });
}
