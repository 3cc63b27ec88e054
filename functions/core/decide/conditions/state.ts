import type { Condition } from './condition.ts';

/** The session is in one of the rule's states. */
export const state: Condition = {
  name: 'state',
  subject: 'its state',
  ask: ({ rule }, { state }) => {
    if (state === null) return 'unknown';
    return rule.states.some((wanted) => wanted === state) ? 'yes' : 'no';
  },
  describeMiss: ({ rule }, { state }) => ({
    measured: state,
    threshold: rule.states.join(' | '),
    says: `it is ${state ?? 'unknown'}, and the rule is for ${rule.states.join(' or ')}`,
  }),
  describeMatch: () => null, // said with the time in it
};
