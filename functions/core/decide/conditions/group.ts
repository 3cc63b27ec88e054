import { cutMark } from '../../text/statement.ts';
import type { Condition } from './condition.ts';

/** The session can be told from those that run another statement, where the rule counts by statements. It never says no. */
export const group: Condition = {
  name: 'group',
  subject: 'the whole of its statement',
  ask: ({ rule }, { statement }) => {
    if (!rule.group.includes('statement')) return 'yes';
    return statement === null || statement.endsWith(cutMark) ? 'unknown' : 'yes';
  },
  describeMiss: () => ({ measured: null, threshold: null, says: 'its statement is known' }),
  describeMatch: () => null,
};
