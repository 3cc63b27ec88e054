import { longestWaitMs } from '../decide/conditions.ts';
import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';
import { describeCommitting } from './letting-go.ts';
import { presetOf } from './programs.ts';
import { countSessions, nameGroup, type Situation, whoOf } from './situation.ts';
import { describeTrail } from './trail.ts';

/** Transactions that were begun and neither committed nor rolled back, and whom they block. */
export function findOpenTransactions({ groups, presets }: Situation): Finding[] {
  return groups.flatMap((group) => {
    const open = group.sessions.filter((session) => session.state?.startsWith('idle in transaction'));
    if (open.length === 0) return [];
    const waiting = open.reduce((sum, session) => sum + (session.blocks?.length ?? 0), 0);
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
