import type { Preset } from '../../contract/preset.ts';
import { saysLittle } from '../group-chosen.ts';
import type { ChosenGroup } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import { cleanText } from '../text/clean-text.ts';
import type { Finding } from './finding.ts';
import { presetOf } from './programs.ts';
import { describeTracing } from './tracing.ts';
import { countSessions, type Situation } from './situation.ts';
import { nameCode } from './trail.ts';
import { isShell } from './use-beside.ts';

const leastSessions = 3;

/** Chosen sessions of programs that write no tags, and whose last statement is no clue: nobody can tell which code leaks. */
export function findUntracedSessions({ groups, presets, snapshot }: Situation): Finding[] {
  const untraced = groups.filter((group) => !isShell(group) && isUntraced(group.sessions));
  const sessions = untraced.flatMap((group) => group.sessions);
  if (sessions.length < leastSessions) return [];
  const programs = new Set(untraced.map((group) => presetOf(presets, group)?.preset ?? null));
  return [
    {
      code: 'untraced-sessions',
      severity: 'info',
      certainty: 'certain',
      title: 'Nothing in the sessions says which code opened them.',
      evidence: `${countSessions(sessions.length)} of ${countAll(groups)} chosen ones${describeLast(sessions)}.`,
      advice: describeTracing(soleOf(programs), snapshot.engine),
    },
  ];
}

function countAll(groups: readonly ChosenGroup[]): number {
  return groups.reduce((sum, { sessions }) => sum + sessions.length, 0);
}

function soleOf(programs: ReadonlySet<Preset['preset'] | null>): Preset['preset'] | null {
  return programs.size === 1 ? ([...programs][0] ?? null) : null;
}

/** At least half of them ran something last that any code may have run, and none says where it is from. */
function isUntraced(sessions: readonly Session[]): boolean {
  if (sessions.some((session) => nameCode(session) !== null)) return false;
  return (
    sessions.filter(({ statement }) => !statement || saysLittle(statement)).length * 2 >= sessions.length
  );
}

function describeLast(sessions: readonly Session[]): string {
  const said = sessions.flatMap(({ statement }) => (statement ? [statement] : []));
  const [last] = said.filter((statement) => saysLittle(statement));
  return last === undefined
    ? ' show no last statement'
    : ` write no tags, and their last statement (${cleanText(last, 40)}) is no clue`;
}
