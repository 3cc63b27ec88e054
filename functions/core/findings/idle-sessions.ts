import { writeDuration } from '../../contract/duration.ts';
import type { Preset } from '../../contract/preset.ts';
import { firstWorkMs, workedMs } from '../decide/conditions/unused.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Finding } from './finding.ts';
import { describeLettingGo } from './remedies.ts';
import { presetOf, settingOf } from './programs.ts';
import { countSessions, isCelery, nameGroup, type Situation, whoOf } from './situation.ts';
import { describeTrail } from './trail.ts';
import { lookBeside, quietTime } from './use-beside.ts';

const leastSessions = 3;

/** Sessions that were used for a while and then kept idle: a pool without an idle limit, or workers that never let go. */
export function findIdleSessions(situation: Situation): Finding[] {
  const { countFresh, isQuiet } = lookBeside(situation);
  return situation.groups.flatMap((group) => {
    if (isCelery(situation, group)) return []; // celery-connections tells of them
    const idle = group.sessions.filter((session) => session.state === 'idle');
    const usedOnce = idle.filter((session) => (workedMs(session) ?? Number.POSITIVE_INFINITY) <= firstWorkMs);
    if (idle.length < leastSessions || usedOnce.length * 2 >= idle.length) return [];
    const preset = presetOf(situation.presets, group);
    const fresh = countFresh(group);
    return [
      {
        code: 'idle-sessions',
        severity: 'info',
        certainty: preset?.keptMs != null && fresh > 0 ? 'likely' : 'possible',
        who: whoOf(group),
        title: `Connections of ${nameGroup(group)} stay open and are no longer used.`,
        evidence: `${isQuiet(group) ? quietTime : ''}${countSessions(idle.length)} idle, the longest for ${formatDuration(longestMs(idle))}${beside(preset, fresh)}${describeTrail(idle)}.`,
        advice: describeLettingGo(preset?.preset ?? null),
      } satisfies Finding,
    ];
  });
}

function beside(preset: Preset | null, fresh: number): string {
  const kept = !preset?.keptMs ? '' : `, past ${settingOf(preset)} (${writeDuration(preset.keptMs)})`;
  return `${kept}${fresh === 0 ? '' : `, while ${fresh} more of this user were used within the last minute`}`;
}
