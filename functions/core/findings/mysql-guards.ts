import type { GuardName } from '../../contract/guard-names.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import type { ServerTimeouts, Snapshot } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { describeGuard, hoursOfKeeping, leastIdle, minutesOfWork, sessionsIn } from './guard-limits.ts';
import { countSessions, type Situation } from './situation.ts';
import { isShell, lookBeside } from './use-beside.ts';

/** Each guard with the statement that fits what was seen: here they are the server's, so all users are counted together; terminals have interactive_timeout. */
export function findMysqlGuards(situation: Situation, guards: ServerTimeouts): Finding[] {
  const { isQuiet } = lookBeside(situation);
  const sessions = situation.groups.flatMap((group) => group.sessions);
  const shells = sessions.filter(isShell);
  const programs = situation.groups
    .filter((group) => !isShell(group) && !isQuiet(group))
    .flatMap((group) => group.sessions);
  const ofPrograms = idleGuard(situation, guards, programs, 'wait_timeout');
  return [
    ...transactionGuard(situation, guards, sessions, ofPrograms.length > 0),
    ...ofPrograms,
    ...idleGuard(situation, guards, shells, 'interactive_timeout'),
  ];
}

/** MariaDB has a limit of its own for transactions. MySQL has none: wait_timeout ends those as well that rest in one. */
function transactionGuard(
  { snapshot, presets = [] }: Situation,
  guards: ServerTimeouts,
  sessions: readonly Session[],
  isWaitTold: boolean,
): Finding[] {
  const open = sessionsIn(sessions, 'idle in transaction');
  const isMariadb = snapshot.engine === 'mariadb';
  const guard = isMariadb ? 'idle_transaction_timeout' : 'wait_timeout';
  const state = describeGuard(guards, guard, longestMs(open));
  const narrow = isMariadb ? narrowSiblings(guards, longestMs(open)) : [];
  const hours = hoursOfKeeping(presets);
  if (narrow.length === siblings.length) return []; // together they hold for every transaction
  if (open.length === 0 || state === null || (!isMariadb && (isWaitTold || hours === null))) return [];
  const seconds = isMariadb ? minutesOfWork(presets) * 60 : (hours ?? 1) * 3_600;
  return [
    {
      code: 'missing-transaction-timeout',
      severity: 'info',
      certainty: narrow.length === 0 ? 'certain' : 'possible',
      title: 'The server itself would end these open transactions late or never.',
      evidence: `${countSessions(open.length)} idle in transaction for up to ${formatDuration(longestMs(open))}; ${state}${isMariadb ? besides(narrow) : ', and MySQL has no other limit for them'}.`,
      advice: `As a net, for new sessions: ${howToSet(snapshot, guard, seconds)} Risk: the server ends such a session and rolls back, so a script that waits longer inside a transaction fails.`,
    },
  ];
}

/** MariaDB's own for transactions that wrote and for those that only read; nobody tells which a transaction is. */
const siblings = ['idle_write_transaction_timeout', 'idle_readonly_transaction_timeout'] as const;

/** Those that would end a silence of this length in time. */
function narrowSiblings(guards: ServerTimeouts, seenMs: number): readonly string[] {
  return siblings.flatMap((name) => {
    const limitMs = guards.limitsMs[name] ?? 0;
    return limitMs > 0 && describeGuard(guards, name, seenMs) === null
      ? [`${name} is ${formatDuration(limitMs)}`]
      : [];
  });
}

function besides(narrow: readonly string[]): string {
  return narrow.length === 0 ? '' : `, but ${narrow.join(', ')}, so some of them may be covered`;
}

function idleGuard(
  { snapshot, presets = [] }: Situation,
  guards: ServerTimeouts,
  sessions: readonly Session[],
  guard: 'wait_timeout' | 'interactive_timeout',
): Finding[] {
  const idle = sessionsIn(sessions, 'idle');
  const state = idle.length < leastIdle ? null : describeGuard(guards, guard, longestMs(idle));
  const isForShells = guard === 'interactive_timeout';
  const hours = isForShells ? 1 : hoursOfKeeping(presets);
  if (state === null || hours === null) return [];
  const risk = isForShells
    ? 'Risk: a terminal that rests longer has to connect again.'
    : "Keep it above CONN_MAX_AGE and every pool's idle limit. Risk: a pool that keeps connections longer finds them gone (error 2006 or 4031).";
  return [
    {
      code: 'missing-idle-timeout',
      severity: 'info',
      certainty: 'certain',
      title: `The server itself would end these idle ${isForShells ? 'terminals' : 'sessions'} late or never.`,
      evidence: `${countSessions(idle.length)} idle for up to ${formatDuration(longestMs(idle))}; ${state}.`,
      advice: `As a net, for new sessions: ${howToSet(snapshot, guard, hours * 3_600)} ${risk}`,
    },
  ];
}

/** MySQL writes it down itself; MariaDB forgets it at a restart, and RDS has a parameter group for either. */
function howToSet({ engine }: Snapshot, guard: GuardName, seconds: number): string {
  return engine === 'mysql'
    ? `\`SET PERSIST ${guard} = ${seconds}\` (on RDS in the parameter group).`
    : `\`SET GLOBAL ${guard} = ${seconds}\`, and the same in the server's configuration, since a restart forgets it (on RDS only in the parameter group).`;
}
