import { firstWorkMs, workedMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';

const leastSessions = 3;

/** Connections that Celery workers leave behind: no request ends in a worker, so nothing closes them but the task itself. */
export function findCeleryConnections({ groups }: Situation): Finding[] {
  return groups.filter(isCelery).flatMap((group) => {
    const idle = group.sessions.filter((session) => session.state === 'idle');
    if (idle.length < leastSessions) return [];
    return [
      {
        code: 'celery-connections',
        severity: 'warning',
        certainty: 'likely',
        who: whoOf(group),
        title: `Celery workers of ${nameGroup(group)} leave connections open after their tasks.`,
        evidence: `${countSessions(idle.length)} idle, the longest for ${formatDuration(longestMs(idle))}${usedOnce(idle)}.`,
        advice:
          'Close them where the task ends: django.db.connections.close_all() in a function under @task_postrun.connect; in every thread that a task starts, django.db.connection.close() in a finally; around raw drivers `with closing(connect(...)) as conn:`. No request ends in a worker, so nothing else does it.',
      } satisfies Finding,
    ];
  });
}

function usedOnce(idle: readonly Session[]): string {
  const once = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
  if (once.length === 0) return '';
  return `; ${once.length} of them did all their work within ${formatDuration(firstWorkMs)} of connecting`;
}
