import { atLeast, type Condition, tooShort, withLimit } from './condition.ts';

/** The connection is old enough. */
export const open: Condition = {
  name: 'open',
  subject: 'the age of its connection',
  ask: ({ rule }, { openMs }) => atLeast(openMs, rule.openMs),
  describeMiss: ({ rule }, { openMs }) => tooShort('connected for', openMs, rule.openMs),
  describeMatch: (rule, { openMs }) =>
    rule.openMs === null ? null : `connected for ${withLimit(openMs, rule.openMs)}`,
};
