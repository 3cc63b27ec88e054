import type { Condition } from './condition.ts';

/**
 * Whether the session is at work and waits for its client. A cancel cannot interrupt one that does, so that a rule which
 * cancels leaves it to a rule which ends it; MySQL does not always tell, and a cancel in vain harms nobody.
 */
export const waitingForClient: Condition = {
  name: 'waitingForClient',
  subject: 'whether it waits for its client',
  ask: ({ rule }, { waitsForClient }) => {
    if (rule.action === 'cancel') return waitsForClient === true ? 'no' : 'yes';
    if (!rule.waitingForClient) return 'yes';
    return waitsForClient === null ? 'unknown' : waitsForClient ? 'yes' : 'no';
  },
  describeMiss: ({ rule }) => ({
    measured: rule.waitingForClient ? 'no' : 'yes',
    threshold: rule.waitingForClient ? 'yes' : 'no',
    says: rule.waitingForClient
      ? 'it does not wait for its client'
      : 'it waits for its client, which a cancel cannot interrupt',
  }),
  describeMatch: ({ waitingForClient }) => (waitingForClient ? 'waits for its client' : null),
};
