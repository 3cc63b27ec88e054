import { firstWorkMs, workedMs } from '../decide/conditions/unused.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { describeLettingGo } from './remedies.ts';
import { presetOf } from './programs.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';
import { describeTrail } from './trail.ts';
import { lookBeside, quietTime } from './use-beside.ts';

/** Fewer than this may be chance. */
const leastSessions = 3;

/**
 * Sessions that did their first work and were never used again: connections that nobody closes, where the program went
 * on working without them; where it did not, the threads of a healthy one may just be without work.
 */
export function findUnclosedConnections(situation: Situation): Finding[] {
  const beside = lookBeside(situation);
  return situation.groups.flatMap((group) => {
    if (isCelery(situation, group)) return []; // celery-connections tells of them
    const idle = group.sessions.filter((session) => session.state === 'idle');
    const unused = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
    if (unused.length < leastSessions || unused.length * 2 < group.sessions.length) return [];
    const isQuiet = beside.isQuiet(group);
    return [
      {
        code: 'unclosed-connections',
        severity: isQuiet ? 'info' : 'warning',
        certainty: isQuiet ? 'possible' : 'likely',
        who: whoOf(group),
        title: isQuiet
          ? `Connections of ${nameGroup(group)} rest since their first work: a quiet time, or they are never closed.`
          : `Connections of ${nameGroup(group)} are opened, used once and never closed.`,
        evidence: `${isQuiet ? quietTime : ''}${countSessions(unused.length)} of ${group.sessions.length} did all their work within ${formatDuration(firstWorkMs)} of connecting and nothing since, the longest for ${formatDuration(longestMs(unused))}${describeTrail(unused)}.`,
        advice: describeLettingGo(presetOf(situation.presets, group)?.preset ?? null),
      } satisfies Finding,
    ];
  });
}
