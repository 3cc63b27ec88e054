import { type HardCheck, yes } from './protection.ts';

/** Our own control connection, and those of other sweeps. */
export const unleak: HardCheck = {
  name: 'unleak',
  ask: ({ kind }) => (kind === 'unleak' ? yes('a control connection of unleak') : null),
};
