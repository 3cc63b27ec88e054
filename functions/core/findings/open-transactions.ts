import { cleanText } from '../text/clean-text.ts';
import { longestWaitMs } from '../decide/conditions/blocking.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import type { Finding } from './finding.ts';
import { describeCommitting } from './remedies.ts';
import { presetFor, presetOf } from './programs.ts';
import { countSessions, nameGroup, type Situation, whoOf } from './situation.ts';
import { isInDoubt } from './spared-in-doubt.ts';
import { describeTrail } from './trail.ts';
import { queueBehind } from '../waiting/queue-behind.ts';

/** Transactions that were begun and neither committed nor rolled back, and whom they block. */
export function findOpenTransactions(situation: Situation): Finding[] {
  const { groups, presets, waits = [] } = situation;
  const chosen = groups.flatMap((group) => {
    const open = group.sessions.filter((session) => session.state?.startsWith('idle in transaction'));
    if (open.length === 0) return [];
    const direct = open.reduce((sum, session) => sum + (session.blocks?.length ?? 0), 0);
    const waiting = queueBehind(waits, new Set(open.map(({ id }) => id))) || direct;
    return [
      {
        code: 'open-transactions',
        severity: 'warning',
        certainty: 'certain',
        who: whoOf(group),
        title: `Transactions of ${nameGroup(group)} are begun and left open.`,
        evidence: `${countSessions(open.length)} idle in transaction, the longest for ${formatDuration(longestMs(open))}${blocking(open, waiting)}${describeTrail(open)}.`,
        advice: `${whereToLook(open)}: ${describeCommitting(presetOf(presets, group)?.preset ?? null)} Wait for nothing else inside a transaction.`,
      } satisfies Finding,
    ];
  });
  return [...chosen, ...findSparedBlockers(situation)];
}

/** Blockers that nobody ends because of a doubt: whoever waits for them waits on, so people have to hear who it is. */
function findSparedBlockers({ plan, presets, waits = [] }: Situation): Finding[] {
  const state = new Set(waits.flatMap(({ roots }) => roots.map(({ session }) => session?.id)));
  const blockers = plan.decisions.filter(isInDoubt).flatMap(({ session }) => {
    if (state.has(session.id)) return []; // the finding of those who wait says more
    const isOpen = session.state?.startsWith('idle in transaction');
    return isOpen && (session.blocks ?? []).length > 0 ? [session] : [];
  });
  return blockers.slice(0, mostBlockers).map((session) => ({
    code: 'open-transactions',
    severity: 'warning',
    certainty: 'certain',
    who: whoOf(session),
    title: `A transaction of ${nameGroup(session)} is left open and blocks others.`,
    evidence: `Session ${cleanText(session.id, 24)} idle in transaction for ${formatDuration(session.stateMs ?? 0)}${blocking([session], session.blocks?.length ?? 0)} (${idsOf(session)})${describeTrail([session])}. It is spared in doubt.`,
    advice: `${whereToLook([session])}: ${describeCommitting(presetFor(presets, session)?.preset ?? null)} unleak does not end it; somebody who knows it may.`,
  }));
}

const mostBlockers = 3;
const mostIds = 5;

/** Whom it keeps waiting: `sessions 45, 46`. */
function idsOf({ blocks }: Session): string {
  const ids = (blocks ?? []).map(({ id }) => cleanText(id, 24));
  const more = ids.length > mostIds ? ` and ${ids.length - mostIds} more` : '';
  return `${ids.length === 1 ? 'session' : 'sessions'} ${ids.slice(0, mostIds).join(', ')}${more}`;
}

/** MariaDB does not tell the last statement of a session that rests. */
function whereToLook(open: readonly Session[]): string {
  return open.some(({ statement }) => statement) ? 'Look where that statement runs' : 'Look where they begin';
}

function blocking(open: readonly Session[], waiting: number): string {
  if (waiting === 0) return '';
  const longest = Math.max(...open.map((session) => longestWaitMs(session) ?? 0));
  return `; ${waiting === 1 ? '1 other session waits' : `${waiting} other sessions wait`} for them, the longest for ${formatDuration(longest)}`;
}
