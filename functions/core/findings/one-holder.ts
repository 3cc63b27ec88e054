import { cleanText } from '../clean-text.ts';
import type { Session } from '../session.ts';
import { usableSlots } from '../snapshot.ts';
import type { Finding } from './finding.ts';
import { poolsOf } from './pools.ts';
import type { Situation } from './situation.ts';

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
        code: 'one-holder',
        severity: isSure ? 'warning' : 'info',
        certainty: isSure ? 'certain' : 'possible',
        who: { user: toText(pool.user), application: toText(pool.application), client: null },
        title: `${pool.name} holds most of the server's connections and does not use them.`,
        evidence: `${pool.sessions.length} of ${slots} slots (${share}%) from ${pool.hosts}; ${resting} of them idle for a minute or more.`,
        advice:
          'Size its pool for what is busy at once (workers x threads per host), or put PgBouncer, RDS Proxy or ProxySQL between; CONNECTION LIMIT or max_user_connections keeps one program from taking all.',
      } satisfies Finding,
    ];
  });
}

function isResting({ state, stateMs }: Session, atLeastMs: number): boolean {
  return state === 'idle' && (stateMs ?? 0) >= atLeastMs;
}

function toText(text: string | null): string | null {
  return text && cleanText(text, 64);
}
