import { firstWorkMs, workedMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { countSessions, nameGroup, type Situation } from './situation.ts';

/** Fewer than this may be chance. */
const leastSessions = 3;

/** Sessions that did their first work and were never used again: connections that nobody closes. */
export function findUnclosedConnections({ groups }: Situation): Finding[] {
  return groups.flatMap((group) => {
    const idle = group.sessions.filter((session) => session.state === 'idle');
    const unused = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
    if (unused.length < leastSessions || unused.length * 2 < group.sessions.length) return [];
    return [
      {
        code: 'unclosed-connections',
        severity: 'warning',
        certainty: 'likely',
        title: `Connections of ${nameGroup(group)} are opened, used once and never closed.`,
        evidence: `${countSessions(unused.length)} of ${group.sessions.length} did all their work within ${formatDuration(firstWorkMs)} of connecting and nothing since, the longest for ${formatDuration(longestMs(unused))}.`,
        advice:
          'Close the connection where the work ends: in Django threads and commands call django.db.connection.close(), in Celery close it in task_postrun, elsewhere use the driver inside a with, try/finally or using block, or take connections from one shared pool.',
      } satisfies Finding,
    ];
  });
}
