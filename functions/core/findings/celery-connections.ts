import { firstWorkMs, workedMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { describeLettingGo } from './letting-go.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';
import { describeTrail } from './trail.ts';

const leastSessions = 3;

/** Connections that Celery workers leave behind: no request ends in a worker, so nothing closes them but the task itself. */
export function findCeleryConnections(situation: Situation): Finding[] {
  const groups = situation.groups.filter((group) => isCelery(situation, group));
  return groups.flatMap((group) => {
    const idle = group.sessions.filter((session) => session.state === 'idle');
    if (idle.length < leastSessions) return [];
    return [
      {
        code: 'celery-connections',
        severity: 'warning',
        certainty: 'likely',
        who: whoOf(group),
        title: `Celery workers of ${nameGroup(group)} leave connections open after their tasks.`,
        evidence: `${countSessions(idle.length)} idle, the longest for ${formatDuration(longestMs(idle))}${usedOnce(idle)}${describeTrail(idle)}.`,
        advice: describeLettingGo('celery'),
      } satisfies Finding,
    ];
  });
}

function usedOnce(idle: readonly Session[]): string {
  const once = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
  if (once.length === 0) return '';
  return `; ${once.length} of them did all their work within ${formatDuration(firstWorkMs)} of connecting`;
}
