import type { CustomProtection } from '../../../contract/policy.ts';
import { cleanText } from '../../text/clean-text.ts';
import type { Session } from '../../model/session.ts';
import { compileMatcher, matchSession } from '../matcher.ts';
import { type Answer, unknown, yes } from './protection.ts';

/** Compiles what a policy itself protects, in its order. */
export function compileOwn(protect: readonly CustomProtection[]): (session: Session) => Answer | null {
  const own = protect.map(({ matcher, reason }) => ({
    matcher: compileMatcher(matcher),
    reason: cleanText(reason),
  }));
  return (session) => {
    for (const { matcher, reason } of own) {
      const match = matchSession(matcher, session);
      if (match === 'yes') return yes(reason);
      if (match === 'unknown') return unknownField(reason);
    }
    return null;
  };
}

function unknownField(reason: string): Answer {
  const { answer, reason: doubt } = unknown('a field that `protect` asks for');
  return { answer, reason: `${doubt}: ${reason}` };
}
