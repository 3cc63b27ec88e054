import { firstWorkMs, workedMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { describeLettingGo } from './letting-go.ts';
import { presetOf } from './programs.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';
import { describeTrail } from './trail.ts';

/** Fewer than this may be chance. */
const leastSessions = 3;

/** Sessions that did their first work and were never used again: connections that nobody closes. */
export function findUnclosedConnections(situation: Situation): Finding[] {
  return situation.groups.flatMap((group) => {
    if (isCelery(situation, group)) return []; // celery-connections tells of them
    const idle = group.sessions.filter((session) => session.state === 'idle');
    const unused = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
    if (unused.length < leastSessions || unused.length * 2 < group.sessions.length) return [];
    return [
      {
        code: 'unclosed-connections',
        severity: 'warning',
        certainty: 'likely',
        who: whoOf(group),
        title: `Connections of ${nameGroup(group)} are opened, used once and never closed.`,
        evidence: `${countSessions(unused.length)} of ${group.sessions.length} did all their work within ${formatDuration(firstWorkMs)} of connecting and nothing since, the longest for ${formatDuration(longestMs(unused))}${describeTrail(unused)}.`,
        advice: describeLettingGo(presetOf(situation.presets, group)?.preset ?? null),
      } satisfies Finding,
    ];
  });
}
