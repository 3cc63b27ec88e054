import { askFact, type SoftCheck } from './protection.ts';

/**
 * Holders of advisory locks, or of GET_LOCK on MySQL and MariaDB. Rails locks on one connection and migrates on another, so it spreads:
 * on PostgreSQL, where the statements of a migration share a transaction, to what does not rest outside of one.
 */
export const advisoryLock: SoftCheck = {
  name: 'advisory-lock',
  ask: (session) => askFact(session.advisoryLock, 'holds an advisory lock'),
  spreadsTo: ({ state }, engine) => engine !== 'postgres' || state !== 'idle',
};
