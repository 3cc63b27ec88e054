import { askFact, type SoftCheck } from './protection.ts';

/** Holders of a lock on a whole table (MySQL and MariaDB); a dump reads on other connections than the one that locks. */
export const tableLock: SoftCheck = {
  name: 'table-lock',
  ask: (session) => askFact(session.tableLock, 'holds a lock on a table'),
  spreadsTo: () => true,
};
