import type { Finding } from './finding.ts';
import { findMysqlGuards } from './mysql-guards.ts';
import { findPostgresGuards } from './postgres-guards.ts';
import type { Situation } from './situation.ts';

/** The server's own guards that would have ended what was seen, were they on or narrower. */
export function findMissingGuards(situation: Situation): Finding[] {
  const { guards, engine } = situation.snapshot;
  if (!guards) return [];
  return engine === 'postgres' ? findPostgresGuards(situation, guards) : findMysqlGuards(situation, guards);
}
