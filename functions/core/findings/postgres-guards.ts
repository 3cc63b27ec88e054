import { writeDuration } from '../../contract/duration.ts';
import type { Preset } from '../../contract/preset.ts';
import { formatDuration } from '../text/format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import type { ServerTimeouts } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { groupBy } from '../group-by.ts';
import { describeGuard, hoursOfKeeping, leastIdle, minutesOfWork, sessionsIn } from './guard-limits.ts';
import { presetOf, settingOf } from './programs.ts';
import { type RoleGuard, toGuardFindings } from './role-guards.ts';
import { countSessions, type Situation } from './situation.ts';
import { lookBeside } from './use-beside.ts';

const asNet = 'As a net, for new sessions:';

/** The chosen sessions of one user, since a guard is set for a role. */
interface Seen {
  readonly user: string | null;
  readonly sessions: readonly Session[];
  /** Those of them that idle while their program works, or whose program has no reason to keep them. */
  readonly unused: readonly Session[];
  readonly presets: readonly (Preset | null)[];
}

/** Each guard with the ALTER ROLE that fits what was seen; roles with a setting of their own are left to it. */
export function findPostgresGuards(situation: Situation, guards: ServerTimeouts): Finding[] {
  const { groups, presets } = situation;
  const { isQuiet } = lookBeside(situation);
  const known = groups.filter(({ user }) => user !== null && !guards.exempt.includes(user));
  const ofRoles = [...groupBy(known, ({ user }) => user)].flatMap(([user, own]) => {
    const seen: Seen = {
      user,
      sessions: own.flatMap(({ sessions }) => sessions),
      unused: sessionsIn(
        own.filter((group) => !isQuiet(group)).flatMap(({ sessions }) => sessions),
        'idle',
      ),
      presets: own.map((group) => presetOf(presets, group)),
    };
    return [
      ...transactionGuard(seen, guards),
      ...longTransactionGuard(seen, guards),
      ...idleGuard(seen, guards),
    ];
  });
  return toGuardFindings(ofRoles);
}

function transactionGuard({ user, sessions, presets }: Seen, guards: ServerTimeouts): RoleGuard[] {
  const open = sessionsIn(sessions, 'idle in transaction');
  const state = describeGuard(guards, 'idle_in_transaction_session_timeout', longestMs(open));
  if (open.length === 0 || state === null) return [];
  return [
    {
      code: 'missing-transaction-timeout',
      user,
      what: 'open transactions',
      evidence: `${countSessions(open.length)} idle in transaction for up to ${formatDuration(longestMs(open))}; ${state}`,
      setting: `idle_in_transaction_session_timeout = '${minutesOfWork(presets)}min'`,
      intro: asNet,
      risk: 'Risk: the server ends such a session (25P03), so a script that waits longer inside a transaction fails.',
    },
  ];
}

/** So long was the transaction open before its last silence, so that a limit on silence alone would not have ended it. */
const longWorkMs = 5 * 60_000;

function longTransactionGuard({ user, sessions, presets }: Seen, guards: ServerTimeouts): RoleGuard[] {
  const long = sessions.filter(
    ({ transactionMs, stateMs }) => (transactionMs ?? 0) - (stateMs ?? 0) >= longWorkMs,
  );
  const longest = long.reduce((most, { transactionMs }) => Math.max(most, transactionMs ?? 0), 0);
  const state = describeGuard(guards, 'transaction_timeout', longest);
  if (long.length === 0 || state === null) return [];
  const minutes = presets.includes(null) ? 60 : minutesOfWork(presets);
  return [
    {
      code: 'missing-long-transaction-timeout',
      user,
      what: 'long transactions',
      evidence: `${countSessions(long.length)} in a transaction that was open for ${formatDuration(longWorkMs)} and more before the last silence, the longest for ${formatDuration(longest)} in all; ${state}`,
      setting: `transaction_timeout = '${minutes}min'`,
      intro: asNet,
      risk: 'Risk: it ends the session during its work (25P04), so give reports, migrations and backups a role of their own.',
    },
  ];
}

function idleGuard({ user, unused: idle, presets }: Seen, guards: ServerTimeouts): RoleGuard[] {
  const state =
    idle.length < leastIdle ? null : describeGuard(guards, 'idle_session_timeout', longestMs(idle));
  const hours = hoursOfKeeping(presets);
  if (state === null || hours === null) return [];
  return [
    {
      code: 'missing-idle-timeout',
      user,
      what: 'idle sessions',
      evidence: `${countSessions(idle.length)} idle for up to ${formatDuration(longestMs(idle))}; ${state}`,
      setting: `idle_session_timeout = '${hours}h'`,
      ...riskOf(presets),
    },
  ];
}

/** A program that drops connections of an age has dropped one that rested for longer before it could use it. */
function riskOf(presets: readonly (Preset | null)[]): Pick<RoleGuard, 'intro' | 'risk'> {
  const aged = presets.filter((preset) => preset?.keptBy === 'age');
  const [first] = aged;
  if (first?.keptMs == null || aged.length < presets.length)
    return {
      intro: 'Only where no pool logs in as this role, for new sessions:',
      risk: 'Risk: a pool does not expect it (57P05), and its next request fails.',
    };
  return {
    intro: asNet,
    risk: `The limit is above ${settingOf(first)} (${writeDuration(first.keptMs)}), past which the program drops a connection before using it. Risk: a shell or another program of this role that rests longer is cut off (57P05).`,
  };
}
