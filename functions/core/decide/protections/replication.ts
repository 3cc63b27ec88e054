import { type HardCheck, yes } from './protection.ts';

/** Replication in every form. */
export const replication: HardCheck = {
  name: 'replication',
  ask: ({ kind }) => (kind === 'replication' ? yes('a replication connection') : null),
};
