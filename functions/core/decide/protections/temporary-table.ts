import { askFact, type SoftCheck } from './protection.ts';

/** Sessions with temporary tables, which end with them. */
export const temporaryTable: SoftCheck = {
  name: 'temporary-table',
  ask: (session) => askFact(session.temporaryTable, 'has temporary tables'),
};
