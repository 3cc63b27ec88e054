import { findAsgiConnections } from './asgi-connections.ts';
import { findCapacity } from './capacity.ts';
import { findCeleryConnections } from './celery-connections.ts';
import { findEndedPools } from './ended-pools.ts';
import type { Finding } from './finding.ts';
import { findGrowing } from './growing-program.ts';
import { findHastyRules } from './conflicting-rules.ts';
import { findIdleSessions } from './idle-sessions.ts';
import { findLostLocks } from './lost-locks.ts';
import { findMissingGuards } from './missing-guards.ts';
import { mergeLines } from './merge-lines.ts';
import { findOneHolder } from './connection-hog.ts';
import { findOpenTransactions } from './open-transactions.ts';
import { findSilentClients } from './silent-clients.ts';
import { findRecycledConnections } from './recycled-connections.ts';
import { findShortTimeouts } from './short-timeouts.ts';
import type { Situation } from './situation.ts';
import { findSparedInDoubt } from './spared-in-doubt.ts';
import { findSuperuserSessions } from './superuser-sessions.ts';
import { findUnclosedConnections } from './unclosed-connections.ts';
import { findUntracedSessions } from './untraced-sessions.ts';
import { findUnnamedSessions } from './unnamed-sessions.ts';
import { findWaiting } from './waiting.ts';

/** Every diagnosis, in the order in which people read them; a new one is added here. */
const diagnoses: readonly ((situation: Situation) => readonly Finding[])[] = [
  findWaiting,
  findLostLocks,
  findGrowing,
  findCapacity,
  findOneHolder,
  findRecycledConnections,
  findEndedPools,
  findHastyRules,
  findAsgiConnections,
  findOpenTransactions,
  findCeleryConnections,
  findUnclosedConnections,
  findIdleSessions,
  findSilentClients,
  findSuperuserSessions,
  findSparedInDoubt,
  findShortTimeouts,
  findMissingGuards,
  findUnnamedSessions,
  findUntracedSessions,
];

/** All findings of a situation; a healthy server has none. */
export function find(situation: Situation): readonly Finding[] {
  const byProgram = { ...situation, groups: mergeLines(situation.groups) };
  return diagnoses.flatMap((diagnose) => diagnose(byProgram));
}
