import { firstWorkMs, workedMs } from '../decide/conditions/unused.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import type { Finding } from './finding.ts';
import { describeLettingGoOfCelery } from './remedies.ts';
import { presetOf } from './programs.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';
import { describeTrail } from './trail.ts';
import { lookBeside } from './use-beside.ts';

const leastSessions = 3;

const withoutTasks =
  'Workers without tasks look the same, since no other session of this program was used within the last minute. ';

/** Connections that Celery workers leave behind: of threads, raw drivers, or where Celery's Django support is not at work. */
export function findCeleryConnections(situation: Situation): Finding[] {
  const { countFresh } = lookBeside(situation);
  const groups = situation.groups.filter((group) => isCelery(situation, group));
  return groups.flatMap((group) => {
    const idle = group.sessions.filter((session) => session.state === 'idle');
    if (idle.length < leastSessions) return [];
    const isAtWork = countFresh(group) > 0;
    return [
      {
        code: 'celery-connections',
        severity: isAtWork ? 'warning' : 'info',
        certainty: isAtWork ? 'likely' : 'possible',
        who: whoOf(group),
        title: `Celery workers of ${nameGroup(group)} leave connections open after their tasks.`,
        evidence: `${isAtWork ? '' : withoutTasks}${countSessions(idle.length)} idle, the longest for ${formatDuration(longestMs(idle))}${usedOnce(idle)}${describeTrail(idle)}.`,
        advice: describeLettingGoOfCelery(presetOf(situation.presets, group)),
      } satisfies Finding,
    ];
  });
}

function usedOnce(idle: readonly Session[]): string {
  const once = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
  if (once.length === 0) return '';
  return `; ${once.length} of them did all their work within ${formatDuration(firstWorkMs)} of connecting`;
}
