import { findCapacity } from './capacity.ts';
import type { Finding } from './finding.ts';
import { findIdleSessions } from './idle-sessions.ts';
import { findOpenTransactions } from './open-transactions.ts';
import { findSparedInDoubt } from './spared-in-doubt.ts';
import type { Situation } from './situation.ts';
import { findUnclosedConnections } from './unclosed-connections.ts';
import { findUnnamedSessions } from './unnamed-sessions.ts';

/** Every diagnosis, in the order in which people read them; a new one is added here. */
const diagnoses: readonly ((situation: Situation) => readonly Finding[])[] = [
  findCapacity,
  findOpenTransactions,
  findUnclosedConnections,
  findIdleSessions,
  findUnnamedSessions,
  findSparedInDoubt,
];

/** All findings of a situation; a healthy server has none. */
export function find(situation: Situation): readonly Finding[] {
  return diagnoses.flatMap((diagnose) => diagnose(situation));
}
