import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import { type MatchField, type Matcher, matchFields, type Pattern } from '../../contract/pattern.ts';
import type { Session } from '../session.ts';

/** Whether a value matches; a missing or empty value matches nothing. */
type Test = (value: string) => boolean;

/** A matcher ready to be asked about many sessions. */
export type CompiledMatcher = readonly (readonly [field: MatchField, test: Test])[];

/** What a matcher says of a session: `unknown` when it hangs on a field that could not be read. */
export type Match = 'yes' | 'no' | 'unknown';

/** Prepares a matcher once per sweep; expressions run in time linear in the text. */
export function compileMatcher(matcher: Matcher): CompiledMatcher {
  return matchFields.flatMap((field) => {
    const tests = matcher[field]?.map(compilePattern);
    return tests
      ? [[field, (value: string) => value !== '' && tests.some((test) => test(value))] as const]
      : [];
  });
}

/** Asks all fields; an unreadable one leaves the answer open unless another field already says no. */
export function matchSession(matcher: CompiledMatcher, session: Session): Match {
  let answer: Match = 'yes';
  for (const [field, test] of matcher) {
    const value = session[field];
    if (value === null) answer = 'unknown';
    else if (!test(value)) return 'no';
  }
  return answer;
}

function compilePattern(pattern: Pattern): Test {
  switch (pattern.kind) {
    case 'wildcard':
      return compileWildcard(pattern.text);
    case 'expression': {
      const expression = RE2JS.compile(pattern.source, pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
      return (value) => expression.matcher(value).find();
    }
    case 'network':
      return compileNetwork(pattern.cidr);
  }
}

function compileWildcard(text: string): Test {
  if (!/[*?]/.test(text)) return (value) => value === text;
  const source = text.replace(/[*?]|[^*?]+/g, (part) =>
    part === '*' ? '.*' : part === '?' ? '.' : RE2JS.quote(part),
  );
  const expression = RE2JS.compile(`^(?:${source})$`, RE2JS.DOTALL);
  return (value) => expression.matcher(value).find();
}

function compileNetwork(cidr: string): Test {
  const network = ipaddr.parseCIDR(cidr);
  return (value) => {
    if (!ipaddr.isValid(value)) return false; // a host name, as MySQL may give it, is in no network
    const address = ipaddr.process(value);
    return address.kind() === network[0].kind() && address.match(network);
  };
}
