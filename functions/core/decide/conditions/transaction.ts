import { atLeast, type Condition, tooShort, withLimit } from './condition.ts';

/** The session's transaction has been open for long enough, whatever it did meanwhile. */
export const transaction: Condition = {
  name: 'transaction',
  subject: 'the age of its transaction',
  ask: ({ rule }, { transactionMs }) => atLeast(transactionMs, rule.transactionMs),
  describeMiss: ({ rule }, { transactionMs }) =>
    tooShort('its transaction open for', transactionMs, rule.transactionMs),
  describeMatch: (rule, { transactionMs }) =>
    rule.transactionMs === null
      ? null
      : `its transaction open for ${withLimit(transactionMs, rule.transactionMs)}`,
};
