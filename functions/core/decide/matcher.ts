import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import { type MatchField, type Matcher, matchFields, type Pattern } from '../../contract/pattern.ts';
import type { Session } from '../session.ts';
import { cutMark } from '../statement.ts';

/** Whether a value matches; a missing or empty value matches nothing. */
type Test = (value: string) => Match;
type SureTest = (value: string) => boolean;

/** A matcher ready to be asked about many sessions. */
export type CompiledMatcher = readonly (readonly [field: MatchField, test: Test])[];

/** What a matcher says of a session: `unknown` when it hangs on a field that could not be read. */
export type Match = 'yes' | 'no' | 'unknown';

const mostRemembered = 1_000;

/** Prepares a matcher once per sweep; expressions run in time linear in the text. */
export function compileMatcher(matcher: Matcher): CompiledMatcher {
  return matchFields.flatMap((field) => {
    const tests = matcher[field]?.map((pattern) => compileFor(field, pattern));
    return tests ? [[field, remember((value) => (value === '' ? 'no' : anyOf(tests, value)))] as const] : [];
  });
}

function anyOf(tests: readonly Test[], value: string): Match {
  const answers = tests.map((test) => test(value));
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

/** Sessions repeat each other's users, clients and statements, so an answer is worth keeping for a sweep. */
function remember(test: Test): Test {
  const answers = new Map<string, Match>();
  return (value) => {
    const known = answers.get(value);
    if (known !== undefined) return known;
    const answer = test(value);
    if (answers.size < mostRemembered) answers.set(value, answer);
    return answer;
  };
}

/** Asks all fields; an unreadable one leaves the answer open unless another field already says no. */
export function matchSession(matcher: CompiledMatcher, session: Session): Match {
  let answer: Match = 'yes';
  for (const [field, test] of matcher) {
    const value = session[field];
    const match = value === null ? 'unknown' : test(value);
    if (match === 'no') return 'no';
    if (match === 'unknown') answer = 'unknown';
  }
  return answer;
}

/** Whether any one field matches; an unreadable one leaves the answer open unless another already says yes. */
export function matchAnyField(matcher: CompiledMatcher, session: Session): Match {
  const answers = matcher.map((entry) => matchSession([entry], session));
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

function compileFor(field: MatchField, pattern: Pattern): Test {
  const test = compilePattern(pattern);
  if (field === 'statement') return orUnknownWhereCut(test, pattern);
  return field === 'client' && isOfAddresses(pattern) ? orUnknownForNames(test) : test;
}

function compilePattern(pattern: Pattern): Test {
  switch (pattern.kind) {
    case 'wildcard':
      return sure(compileWildcard(pattern.text));
    case 'expression': {
      const expression = RE2JS.compile(pattern.source, pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
      return sure((value) => expression.matcher(value).find());
    }
    case 'network':
      return compileNetwork(pattern.cidr);
  }
}

/** Of a statement that was cut, a no is sure only where its beginning is another one than the pattern's. */
function orUnknownWhereCut(test: Test, pattern: Pattern): Test {
  const beginning = beginningOf(pattern);
  return (value) => {
    const answer = test(value);
    if (answer !== 'no' || !value.endsWith(cutMark)) return answer;
    const kept = value.slice(0, -cutMark.length).trimEnd();
    return kept.startsWith(beginning) || beginning.startsWith(kept) ? 'unknown' : 'no';
  };
}

/** What every text that matches begins with, as far as that is easily told. */
function beginningOf(pattern: Pattern): string {
  return pattern.kind === 'wildcard' ? (pattern.text.split(/[*?]/, 1)[0] ?? '') : '';
}

function sure(test: SureTest): Test {
  return (value) => (test(value) ? 'yes' : 'no');
}

function compileWildcard(text: string): SureTest {
  if (text.includes('?')) return compileQuestionMarks(text);
  if (!text.includes('*')) return (value) => value === text;
  const [head = '', ...rest] = text.split('*');
  const tail = rest.pop() ?? '';
  return (value) => {
    const end = value.length - tail.length;
    if (end < head.length || !value.startsWith(head) || !value.endsWith(tail)) return false;
    return hasInOrder(rest, value.slice(head.length, end));
  };
}

/** Taking each part where it first occurs leaves the most room for the next, so nothing has to be tried twice. */
function hasInOrder(parts: readonly string[], text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return true;
}

function compileQuestionMarks(text: string): SureTest {
  const source = text.replace(/[*?]|[^*?]+/g, (part) =>
    part === '*' ? '.*' : part === '?' ? '.' : RE2JS.quote(part),
  );
  const expression = RE2JS.compile(`^(?:${source})$`, RE2JS.DOTALL);
  return (value) => expression.matcher(value).find();
}

/** `10.0.*`: whoever writes it means addresses. */
function isOfAddresses(pattern: Pattern): boolean {
  return (
    pattern.kind === 'wildcard' && /^[\d.:a-f*?]+$/i.test(pattern.text) && /[\d][.:]|::/.test(pattern.text)
  );
}

/** Which address a host name has, nobody can tell from here, but for `localhost`. */
function orUnknownForNames(test: Test): Test {
  return (value) => {
    if (value === 'localhost') return test('127.0.0.1') === 'yes' ? 'yes' : test('::1');
    return isAddress(value) ? test(value) : 'unknown';
  };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Whether a host name, as MySQL gives it where it resolves names, lies in a network, nobody can tell from here. */
function compileNetwork(cidr: string): Test {
  const [network, bits] = withoutMapping(...ipaddr.parseCIDR(cidr));
  return (value) => {
    if (value === 'localhost') return isLoopback(network, bits) ? 'yes' : 'no';
    if (!isAddress(value)) return 'unknown';
    const address = ipaddr.process(value);
    return address.kind() === network.kind() && address.match(network, bits) ? 'yes' : 'no';
  };
}

/** `localhost` is the one name whose addresses everybody knows. */
function isLoopback(network: Address, bits: number): boolean {
  return ['127.0.0.1', '::1'].some((text) => {
    const address = ipaddr.process(text);
    return address.kind() === network.kind() && address.match(network, bits);
  });
}

/** IPv4 in four parts or IPv6; `10` and `127.1` are names here, though address parsers take them. */
function isAddress(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value) || (value.includes(':') && ipaddr.IPv6.isValid(value));
}

/** A network of IPv4 addresses written as IPv6 (`::ffff:10.0.0.0/104`) is the IPv4 network. */
function withoutMapping(network: Address, bits: number): [Address, number] {
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [network.toIPv4Address(), bits - 96] : [network, bits];
}
