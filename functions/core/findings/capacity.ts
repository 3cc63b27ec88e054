import { cleanText } from '../text/clean-text.ts';
import { defangName } from '../text/defang.ts';
import type { Session } from '../model/session.ts';
import { type ConnectionLimit, type Snapshot, usableSlots, utilizationOf } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { describePools } from './pools.ts';
import { countSessions, type Situation } from './situation.ts';

const near = 0.8;
const full = 0.95;

/** A server, role, database or user near the number of connections it may have. */
export function findCapacity({ snapshot, groups, nearlyFull = near }: Situation): Finding[] {
  const chosen = new Set(groups.flatMap(({ sessions }) => sessions));
  const ofLimits = snapshot.capacity.limits.flatMap((limit) =>
    nearLimit(limit, snapshot.sessions.filter(isOf(limit)), chosen),
  );
  return [...nearMaximum(snapshot, nearlyFull), ...ofLimits];
}

function isOf({ kind, name }: ConnectionLimit): (session: Session) => boolean {
  return ({ user, database }) => name === (kind === 'database' ? database : user);
}

function nearMaximum({ capacity, sessions }: Snapshot, nearlyFull: number): Finding[] {
  const utilization = utilizationOf(capacity);
  if (utilization < nearlyFull) return [];
  return [
    {
      code: 'near-capacity',
      severity: utilization >= full ? 'critical' : 'warning',
      certainty: 'certain',
      title: 'The server is close to refusing connections.',
      evidence: `${capacity.used} of the ${usableSlots(capacity)} slots open to applications were taken (${Math.round(utilization * 100)}%).${describePools(sessions)}`,
      advice:
        'Add up hosts x processes x threads of every program against max_connections: with CONN_MAX_AGE or a pool each of them keeps one. Make them fewer, or put a pooler between, before raising max_connections.',
    },
  ];
}

function nearLimit(
  { kind, name, limit, used }: ConnectionLimit,
  sessions: readonly Session[],
  chosen: ReadonlySet<Session>,
): Finding[] {
  if (limit === 0 || used / limit < near) return [];
  const who = `${kind} ${defangName(cleanText(name, 64))}`;
  return [
    {
      code: 'near-limit',
      severity: 'warning',
      certainty: 'certain',
      ...(kind !== 'database' && { who: { user: cleanText(name, 64), application: null, client: null } }),
      title: `The ${who} is close to its own connection limit.`,
      evidence: `${used} of ${limit} connections were in use.${describePools(sessions)}${describeChosen(sessions, chosen)}`,
      advice: 'Find who of them leaks before raising the limit: it protects everybody else on the server.',
    },
  ];
}

function describeChosen(sessions: readonly Session[], chosen: ReadonlySet<Session>): string {
  const leaked = sessions.filter((session) => chosen.has(session)).length;
  return leaked === 0 ? '' : ` The policy takes ${countSessions(leaked)} of them for leaked.`;
}
