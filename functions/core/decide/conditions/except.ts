import { cleanText } from '../../text/clean-text.ts';
import type { Session } from '../../model/session.ts';
import { fieldOf } from '../field-of.ts';
import { type CompiledMatcher, matchAnyField, matchSession } from '../matcher.ts';
import { toFieldWords } from './field-words.ts';
import type { Condition } from './condition.ts';
import { writePatterns } from './write-patterns.ts';

/** No field of `except` matches. */
export const except: Condition = {
  name: 'except',
  subject: 'a field of `except`',
  ask: ({ except }, session) => {
    const match = matchAnyField(except, session);
    return match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'unknown';
  },
  describeMiss: ({ rule, except }, session) => ({
    measured: valuesOf(session, except),
    threshold: except.map(([field]) => `${field}: ${writePatterns(rule.except[field])}`).join(', '),
    says: `excepted: ${valuesOf(session, matchingFields(except, session))}`,
  }),
  describeMatch: () => null,
};

function matchingFields(matcher: CompiledMatcher, session: Session): CompiledMatcher {
  return matcher.filter((entry) => matchSession([entry], session) === 'yes');
}

function valuesOf(session: Session, matcher: CompiledMatcher): string {
  return matcher
    .map(([field]) => `${toFieldWords(field)} ${cleanText(fieldOf(session, field) ?? '(unknown)', 64)}`)
    .join(', ');
}
