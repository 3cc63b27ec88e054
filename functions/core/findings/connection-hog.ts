import { cleanText } from '../text/clean-text.ts';
import type { ChosenGroup } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import { type Snapshot, usableSlots } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { type Pool, poolsOf } from './pools.ts';
import { quoteRole, type Situation } from './situation.ts';

const mostOfTheSlots = 0.5;
/** Longer than a pool in use leaves a connection alone. */
const restMs = 60_000;
/** Longer than work pauses; below it only a rule of the policy says that they rest too long. */
const longRestMs = 30 * 60_000;

/** One program that holds most of the server's slots and has no use for them: the rest of the estate has what it leaves. */
export function findOneHolder({ snapshot, groups }: Situation): Finding[] {
  const chosen = new Set(groups.flatMap(({ sessions }) => sessions));
  const slots = usableSlots(snapshot.capacity);
  return poolsOf(snapshot.sessions).flatMap((pool) => {
    const resting = pool.sessions.filter((session) => isResting(session, restMs)).length;
    if (pool.sessions.length < slots * mostOfTheSlots || resting * 2 < pool.sessions.length) return [];
    const left = pool.sessions.filter((session) => chosen.has(session) || isResting(session, longRestMs));
    const isSure = left.length * 2 >= pool.sessions.length;
    const share = Math.round((pool.sessions.length / slots) * 100);
    return [
      {
        code: 'connection-hog',
        severity: isSure ? 'warning' : 'info',
        certainty: isSure ? 'certain' : 'possible',
        who: { user: toText(pool.user), application: toText(pool.application), client: null },
        title: `${pool.name} holds most of the server's connections and does not use them.`,
        evidence: `${pool.sessions.length} of ${slots} slots (${share}%) from ${pool.hosts}; ${resting} of them idle for a minute or more.`,
        advice: `${isLeakTold(pool, groups) ? leak : size}${fenceFor(pool, snapshot)}`,
      } satisfies Finding,
    ];
  });
}

/** Where the policy took most of the pool, the findings of those groups say what leaks them and how to mend that. */
function isLeakTold({ user, application, sessions }: Pool, groups: readonly ChosenGroup[]): boolean {
  const own = groups.filter((group) => group.user === user && group.application === application);
  const state = own.filter((group) => group.sessions.length >= leastNotified);
  return state.reduce((sum, group) => sum + group.sessions.length, 0) * 2 >= sessions.length;
}

/** Smaller groups have no finding of their own. */
const leastNotified = 3;

const leak = 'First fix what leaks them: see below.';
const size =
  'Size its pool for what is busy at once (workers x threads per host), or put PgBouncer, RDS Proxy or ProxySQL between.';

/** The statement that keeps one program from taking all; none where its user has a limit, since near-limit speaks of that. */
function fenceFor({ user }: Pool, { engine, capacity }: Snapshot): string {
  if (user === null || capacity.limits.some(({ kind, name }) => kind !== 'database' && name === user))
    return '';
  const limit =
    engine === 'postgres'
      ? `ALTER ROLE ${quoteRole(user)} CONNECTION LIMIT n`
      : `ALTER USER ${cleanText(user, 64)} WITH MAX_USER_CONNECTIONS n`;
  return ` \`${limit}\` keeps it from taking all; n is what it needs at its busiest.`;
}

function isResting({ state, stateMs }: Session, atLeastMs: number): boolean {
  return state === 'idle' && (stateMs ?? 0) >= atLeastMs;
}

function toText(text: string | null): string | null {
  return text && cleanText(text, 64);
}
