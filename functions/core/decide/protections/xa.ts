import { askFact, type SoftCheck } from './protection.ts';

/** Holders of a branch of an XA transaction, which ends or stays behind with the session (MySQL and MariaDB). */
export const xa: SoftCheck = {
  name: 'xa',
  ask: (session) => askFact(session.xa, 'holds a branch of an XA transaction'),
};
