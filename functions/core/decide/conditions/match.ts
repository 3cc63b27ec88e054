import { cleanText } from '../../text/clean-text.ts';
import { fieldOf } from '../field-of.ts';
import { matchSession } from '../matcher.ts';
import { toFieldWords } from './field-words.ts';
import type { Condition } from './condition.ts';
import { writePatterns } from './write-patterns.ts';

/** All fields of `match` match. A field that could not be read matches nothing: it makes a rule apply to fewer sessions. */
export const match: Condition = {
  name: 'match',
  subject: 'a field to match',
  ask: ({ match }, session) => (matchSession(match, session) === 'yes' ? 'yes' : 'no'),
  describeMiss: ({ rule, match }, session) => {
    const missed = match.find((entry) => matchSession([entry], session) !== 'yes') ?? match[0];
    const field = missed?.[0] ?? 'user';
    const words = toFieldWords(field);
    const threshold = writePatterns(rule.match[field]);
    const value = fieldOf(session, field);
    if (value === null)
      return { measured: null, threshold, says: `its ${words} could not be read, so it does not match` };
    const measured = value === '' ? '(none)' : cleanText(value, 64);
    return { measured, threshold, says: `its ${words} ${measured} does not match ${threshold}` };
  },
  describeMatch: () => null,
};
