import { type HardCheck, yes } from './protection.ts';

/** Everything that is not a client connection, kinds that nobody has heard of included. */
export const background: HardCheck = {
  name: 'background',
  ask: ({ kind }) => (kind === 'client' ? null : yes('a process of the server itself')),
};
