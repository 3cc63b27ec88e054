import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import { type MatchField, type Matcher, matchFields, type Pattern } from '../../contract/pattern.ts';
import type { Session } from '../model/session.ts';
import { fieldOf } from './field-of.ts';
import { isAddress, isOfAddresses, orUnknownForNames, orUnknownWhereCut } from './doubtful-patterns.ts';
import type { Match, Test } from './match.ts';

type SureTest = (value: string) => boolean;

/** A matcher ready to be asked about many sessions. */
export type CompiledMatcher = readonly (readonly [field: MatchField, test: Test])[];

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
    const value = fieldOf(session, field);
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

/** A network of IPv4 addresses written as IPv6 (`::ffff:10.0.0.0/104`) is the IPv4 network. */
function withoutMapping(network: Address, bits: number): [Address, number] {
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [network.toIPv4Address(), bits - 96] : [network, bits];
}
