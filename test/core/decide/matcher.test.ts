import { describe, expect, it } from 'vitest';
import { type MatchField, matcherSchema, matchFields } from '../../../functions/contract/pattern.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import { compileMatcher, matchSession } from '../../../functions/core/decide/matcher.ts';
import { buildPolicy, buildSession, decideOne } from '../build-session.ts';

function ask(matcher: object, session = {}) {
  return matchSession(compileMatcher(matcherSchema.parse(matcher)), buildSession(session));
}

const wildcards: readonly (readonly [pattern: string, value: string, matches: boolean])[] = [
  ['celery', 'celery', true],
  ['celery', 'celery@1', false],
  ['celery', 'Celery', false],
  ['celery*', 'celery', true],
  ['celery*', 'celery@worker-1', true],
  ['celery*', 'my celery', false],
  ['*celery', 'my celery', true],
  ['*celery', 'celery 2', false],
  ['*eler*', 'celery', true],
  ['c*l*y', 'celery', true],
  ['c*y*l', 'celery', false],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['a*b*b', 'ab', false],
  ['a*b*b', 'abb', true],
  ['*ab*ab*', 'ab', false],
  ['*ab*ab*', 'abab', true],
  ['**', 'x', true],
  ['*', 'anything', true],
  ['*', 'two\nlines', true],
  ['*', '', false],
  ['?', 'é', true],
  ['?', '🐘', true],
  ['?', '', false],
  ['?', 'ab', false],
  ['w?b*', 'web-1', true],
  ['w?b*', 'wb', false],
  ['a?*', 'a\nb', true],
  ['a.c', 'abc', false],
  ['a.c?', 'a.cd', true],
  ['a.c?', 'abcd', false],
  ['(a|b)+$', '(a|b)+$', true],
  ['\\E?', '\\Ex', true],
  ['*\uD800', 'x\uD800', true],
];

const expressions: readonly (readonly [pattern: string, value: string, matches: boolean])[] = [
  ['/elery/', 'celery', true],
  ['/^elery/', 'celery', false],
  ['/^celery$/', 'celery', true],
  ['/CELERY/', 'celery', false],
  ['/CELERY/i', 'celery', true],
  ['/a/b/', 'x a/b y', true],
  ['/^a.b$/', 'a\nb', false],
  ['/^(?s:a.b)$/', 'a\nb', true],
  ['/^b/', 'a\nb', false],
  ['/^$/', '', false],
  ['/\\d{3}/', 'job-123', true],
  ['/ä/i', 'Ä', true],
];

const clients: readonly (readonly [pattern: string, value: string, matches: boolean])[] = [
  ['10.0.0.7', '10.0.0.7', true],
  ['10.0.0.7', '10.0.0.70', false],
  ['10.0.0.7', '::ffff:10.0.0.7', true],
  ['::ffff:10.0.0.7', '10.0.0.7', true],
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.0/31', '10.0.0.1', true],
  ['10.0.0.0/31', '10.0.0.2', false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['::ffff:10.0.0.0/104', '11.1.2.3', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::1', '2001:0DB8:0:0::1', true],
  ['::/0', '2001:db8::1', true],
  ['::/0', '10.0.0.1', false],
  ['::1', '::1', true],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['*.example.internal', 'worker.example.internal', true],
  ['10.0.*', '10.0.9.9', true],
  ['/^10\\.0\\./', '10.0.9.9', true],
  ['localhost', 'localhost', true],
  ['127.0.0.1', 'localhost', true],
  ['127.0.0.0/8', 'localhost', true],
  ['::1', 'localhost', true],
  ['10.0.0.0/8', 'localhost', false],
  ['0.0.0.0/0', '', false],
  ['::/0', '', false],
];

describe('a matcher', () => {
  it.each(wildcards)('wildcard %j on %j: %s', (pattern, value, matches) => {
    expect(ask({ application: pattern }, { application: value })).toBe(matches ? 'yes' : 'no');
  });

  it.each(expressions)('expression %j on %j: %s', (pattern, value, matches) => {
    expect(ask({ application: pattern }, { application: value })).toBe(matches ? 'yes' : 'no');
  });

  it.each(clients)('client %j on %j: %s', (pattern, value, matches) => {
    expect(ask({ client: pattern }, { client: value })).toBe(matches ? 'yes' : 'no');
  });

  it.each(['worker.example.internal', 'db10'])(
    'cannot tell whether a host name is in a network: %j',
    (name) => {
      expect(ask({ client: '10.0.0.0/8' }, { client: name })).toBe('unknown');
      expect(ask({ client: ['10.0.0.0/8', name] }, { client: name })).toBe('yes');
      expect(ask({ client: '10.0.0.0/8', user: 'nobody' }, { client: name, user: 'app' })).toBe('no');
    },
  );

  it.each(matchFields)('asks the field %s and no other', (field) => {
    const nowhere = toFields(Object.fromEntries(matchFields.map((each) => [each, 'a'])));
    const there = toFields(
      Object.fromEntries(matchFields.map((each) => [each, each === field ? 'wanted' : 'a'])),
    );
    expect(ask(toWritten(field), there)).toBe('yes');
    expect(ask(toWritten(field), nowhere)).toBe('no');
  });

  it('takes any value within a field', () => {
    expect(ask({ user: ['x', 'app'] })).toBe('yes');
    expect(ask({ user: ['x', 'y'] })).toBe('no');
  });

  it('takes all fields', () => {
    expect(ask({ user: 'app', database: 'orders' })).toBe('yes');
    expect(ask({ user: 'app', database: 'other' })).toBe('no');
  });

  it('leaves the answer open for a field that could not be read, unless another says no', () => {
    expect(ask({ user: 'app', application: 'web' }, { application: null })).toBe('unknown');
    expect(ask({ user: 'other', application: 'web' }, { application: null })).toBe('no');
  });

  it('answers in the same way when asked again, and for more values than it remembers', () => {
    const matcher = compileMatcher(matcherSchema.parse({ user: '*7' }));
    const users = Array.from({ length: 3_000 }, (_, index) => `user${index % 2_000}`);
    for (const user of users)
      expect(matchSession(matcher, buildSession({ user }))).toBe(user.endsWith('7') ? 'yes' : 'no');
  });
});

describe('a statement that was cut', () => {
  it.each([
    ['*keepme*', 'SELECT a…', 'unknown'],
    ['*keepme*', 'SELECT keepme…', 'yes'],
    ['*keepme*', 'SELECT a', 'no'],
    ['COPY*', 'SELECT a…', 'no'],
    ['SELECT a, b, c*', 'SELECT a…', 'unknown'],
    ['SELECT a', 'SELECT a…', 'unknown'],
    ['/keepme$/', 'SELECT a…', 'unknown'],
    ['/^VACUUM/', 'SELECT a…', 'no'],
    ['/^vacuum/i', 'VACUUM…', 'yes'],
    ['/^vacuum a/i', 'VACUUM…', 'unknown'],
    ['/^(?:VACUUM|CREATE INDEX)/', 'SELECT a…', 'no'],
    ['/^(?:VACUUM|SELECT b)/', 'SELECT…', 'unknown'],
    ['/^VACUUM|keepme/', 'SELECT a…', 'unknown'],
    ['/^SELECT?x/', 'SELEC…', 'unknown'],
  ])('%s of %s: %s', (statement, shown, match) => {
    expect(ask({ statement }, { statement: shown })).toBe(match);
  });
});

describe('a wildcard of addresses', () => {
  it.each([
    ['10.0.*', '10.0.0.7', 'yes'],
    ['10.0.*', '10.1.0.7', 'no'],
    ['10.0.*', 'web-1.internal', 'unknown'],
    ['127.0.0.*', 'localhost', 'yes'],
    ['10.0.*', 'localhost', 'no'],
    ['fd00::*', 'web-1', 'unknown'],
    ['10.0.*', '', 'no'],
    ['web-*', 'jobs-1', 'no'],
    ['db1.*', 'db1.internal', 'yes'],
    ['db1.*', 'web-1.internal', 'no'],
    ['*.9', 'web-1.internal', 'unknown'],
    ['/^10[.]0[.]/', 'web-1.internal', 'unknown'],
    ['/^10[.]0[.]/', '10.1.0.9', 'no'],
    [String.raw`/^10\.\d+\./`, 'web-1.internal', 'unknown'],
    ['/^web-[0-9]/', 'jobs-1', 'no'],
    ['ip-10-0-*', 'web-1', 'no'],
  ])('%s of %s: %s', (pattern, client, match) => {
    expect(ask({ client: pattern }, { client })).toBe(match);
  });
});

describe('match and except', () => {
  const both = buildPolicy([{ match: { user: 'app' }, except: { application: 'web*' } }]);

  it.each([
    ['match alone', {}, { application: 'cron' }, 'terminate'],
    ['except wins over match', {}, { application: 'web-1' }, 'no-rule'],
    ['no application is excepted from nothing', {}, { application: '' }, 'terminate'],
    ['an unreadable application may be excepted', {}, { application: null }, 'protected'],
    ['another user', {}, { user: 'other', application: 'cron' }, 'no-rule'],
    ['another user, whatever else is unreadable', {}, { user: 'other', application: null }, 'no-rule'],
  ])('%s', (_what, _rule, session, verdict) => {
    expect(decideOne(buildSession(session), both).verdict).toBe(verdict);
  });

  it.each([
    [{}, 'no-rule'],
    [{ application: 'cron' }, 'no-rule'],
    [{ user: 'other' }, 'no-rule'],
    [{ user: 'app', application: null }, 'no-rule'],
    [{ user: 'other', application: null }, 'protected'],
    [{ user: 'other', application: 'cron' }, 'terminate'],
  ])('except of two fields spares where any one matches: %j', (session, verdict) => {
    const policy = buildPolicy([{ except: { user: 'app', application: 'web' } }]);
    expect(decideOne(buildSession(session), policy).verdict).toBe(verdict);
  });

  it('an excepted session is open to later rules', () => {
    const policy = buildPolicy([{ except: { user: 'app' } }, {}]);
    expect(decideOne(buildSession({}), policy)).toMatchObject({ verdict: 'terminate', rule: 'rule-2' });
  });
});

/** A matcher of one field, as people write it. */
function toWritten(field: MatchField): object {
  const [tag, name] = field.split('.');
  return name === undefined ? { [field]: 'wanted' } : { [String(tag)]: { [name]: 'wanted' } };
}

/** Fields of a session by their names in a policy: `tag.route` is the tag of that name. */
function toFields(values: Readonly<Record<string, string>>): Partial<Session> {
  const isTag = ([field]: readonly [string, string]) => field.startsWith('tag.');
  const entries = Object.entries(values);
  return {
    ...Object.fromEntries(entries.filter((entry) => !isTag(entry))),
    tags: Object.fromEntries(entries.filter(isTag).map(([field, value]) => [field.slice(4), value])),
  };
}
