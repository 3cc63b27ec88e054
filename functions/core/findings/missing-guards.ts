import { formatDuration } from '../format-duration.ts';
import { longestMs } from '../group-chosen.ts';
import type { Session } from '../session.ts';
import type { GuardName, Guards } from '../snapshot.ts';
import type { Finding } from './finding.ts';
import { groupBy } from './group-by.ts';
import { countSessions, quoteRole, type Situation, whoOf } from './situation.ts';

/** The server's own guards that would have ended what was seen, were they on or narrower. */
export function findMissingGuards(situation: Situation): Finding[] {
  const { guards } = situation.snapshot;
  return guards
    ? [...missingTransactionGuard(situation, guards), ...missingIdleGuard(situation, guards)]
    : [];
}

/** Each user once, since a guard is set for a user. */
function chosenByUser({ groups }: Situation, exempt: readonly string[], state: string) {
  const chosen = groups
    .flatMap(({ sessions }) => sessions)
    .filter((session) => session.state?.startsWith(state));
  const known = chosen.filter(({ user }) => user !== null && !exempt.includes(user));
  return [...groupBy(known, ({ user }) => user)];
}

function missingTransactionGuard(situation: Situation, guards: Guards): Finding[] {
  const isPostgres = situation.snapshot.engine === 'postgres';
  const guard = isPostgres ? 'idle_in_transaction_session_timeout' : 'idle_transaction_timeout';
  return chosenByUser(situation, guards.exempt, 'idle in transaction').flatMap(([user, sessions]) => {
    const told = describeGuard(guards, guard, longestMs(sessions));
    if (told === null) return [];
    return [
      {
        code: 'transaction-guard',
        severity: 'info',
        certainty: 'certain',
        who: whoOf({ user, application: null, client: null }),
        title: 'The server lets transactions stay open without end.',
        evidence: `${countSessions(sessions.length)} idle in transaction for up to ${formatDuration(longestMs(sessions))}; ${told}.`,
        advice: isPostgres
          ? `As a net: ALTER ROLE ${quoteRole(user)} SET idle_in_transaction_session_timeout = '5min'; for new sessions. Risk: the server ends such a session (25P03), so a script that waits longer inside a transaction fails.`
          : 'As a net: SET GLOBAL idle_transaction_timeout = 300; for new sessions. Risk: the server ends such a session, so a script that waits longer inside a transaction fails.',
      } satisfies Finding,
    ];
  });
}

/** Fewer are not worth a change of the server. */
const leastIdle = 3;

function missingIdleGuard(situation: Situation, guards: Guards): Finding[] {
  const isPostgres = situation.snapshot.engine === 'postgres';
  const guard = isPostgres ? 'idle_session_timeout' : 'wait_timeout';
  return chosenByUser(situation, guards.exempt, 'idle').flatMap(([user, all]) => {
    const sessions = all.filter(({ state }: Session) => state === 'idle');
    const told = sessions.length < leastIdle ? null : describeGuard(guards, guard, longestMs(sessions));
    if (told === null) return [];
    return [
      {
        code: 'idle-guard',
        severity: 'info',
        certainty: 'certain',
        who: whoOf({ user, application: null, client: null }),
        title: 'The server itself keeps idle sessions for very long.',
        evidence: `${countSessions(sessions.length)} idle for up to ${formatDuration(longestMs(sessions))}; ${told}.`,
        advice: isPostgres
          ? `Only where no pool logs in as this user: ALTER ROLE ${quoteRole(user)} SET idle_session_timeout = '1h'; for new sessions. Risk: a pool does not expect it (57P05), and its next request fails.`
          : "SET GLOBAL wait_timeout = 3600; for new sessions, above CONN_MAX_AGE and every pool's idle limit. Risk: a pool that keeps connections longer finds them gone (error 2006 or 4031).",
      } satisfies Finding,
    ];
  });
}

/** How the guard stands, where it would have ended a silence of this length only much later or never; null where it is narrow or unknown. */
function describeGuard({ limitsMs }: Guards, guard: GuardName, seenMs: number): string | null {
  const limitMs = limitsMs[guard];
  if (limitMs === undefined) return null;
  if (limitMs === 0) return `${guard} is off`;
  return limitMs > wideMs && limitMs > seenMs ? `${guard} is ${formatDuration(limitMs)}` : null;
}

/** A guard up to here is narrow enough for any leak. */
const wideMs = 3_600_000;
