import { describe, expect, it, test } from 'vitest';
import { parseEvent, type SweepEvent } from '../../functions/contract/event.ts';
import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { type Policy, policySchema } from '../../functions/contract/policy.ts';
import { describeProblem, parseWith } from '../../functions/contract/problems.ts';
import { describePlacedWarning, readConfiguration } from '../../functions/contract/read-configuration.ts';
import type { EngineName } from '../../functions/contract/target.ts';

const django = { preset: 'django', connMaxAge: '300s' };
const rule = { name: 'leak', state: 'idle', for: '10m' };

function expand(rules: readonly unknown[], engine: EngineName = 'postgres'): Policy {
  return expandPolicy(policySchema.parse({ rules }), engine);
}

function problems(...rules: readonly unknown[]): string[] {
  const parsed = parseWith(policySchema, { rules });
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

describe('a preset', () => {
  it('stands alone', () => {
    expect(expand([django]).rules.map(({ name }) => name)).toEqual([
      'django-blocker',
      'django-transaction',
      'django-idle',
    ]);
  });
  it('takes its place in the order', () => {
    const names = expand([rule, { ...django, name: 'web' }, { ...rule, name: 'last' }]).rules.map(
      (r) => r.name,
    );
    expect(names).toEqual(['leak', 'web-blocker', 'web-transaction', 'web-idle', 'last']);
  });
  it('hands on match and except', () => {
    const words = { match: { application: 'shop-*' }, except: { user: 'admin' } };
    for (const { match, except } of expand([{ ...django, ...words }]).rules) {
      expect(match).toEqual({ application: [{ kind: 'wildcard', text: 'shop-*' }] });
      expect(except).toEqual({ user: [{ kind: 'wildcard', text: 'admin' }] });
    }
  });
  test.each([
    ['0s', undefined, 60_000, 60_000],
    ['300s', '30s', 330_000, 30_000],
  ])('django with connMaxAge %s and requestTimeout %s', (connMaxAge, requestTimeout, openMs, forMs) => {
    const [, , idle] = expand([{ preset: 'django', connMaxAge, requestTimeout }]).rules;
    expect(idle).toMatchObject({ openMs, forMs });
  });
  it('has a name short enough for the names of its rules, and one error when it is not', () => {
    expect(problems({ ...django, name: 'a'.repeat(40) })).toEqual([]);
    expect(problems({ ...django, name: 'a'.repeat(41) })).toEqual([
      expect.stringContaining('1 to 40 characters'),
    ]);
  });
  it('that keeps connections for good has no rule for idle ones, and says so', () => {
    const { rules, warnings } = expand([{ ...django, connMaxAge: 'none' }]);
    expect(rules.flatMap(({ states }) => states)).not.toContain('idle');
    expect(warnings).toEqual([expect.stringContaining('ends no idle session')]);
  });
  it('that keeps them for good but tries them first may end idle ones', () => {
    const { rules, warnings } = expand([{ ...django, connMaxAge: 'none', healthChecks: true }]);
    expect(rules[2]).toMatchObject({ states: ['idle'], openMs: 60_000 });
    expect(warnings).toEqual([]);
  });
});

test.each<[unknown[], string]>([
  [
    [{ preset: 'djanog' }],
    'rules[0].preset: "djanog" found, expected one of: django | celery | sqlalchemy | hikaricp | node-postgres | lambda',
  ],
  [
    [{ preset: 'django' }],
    'rules[0].connMaxAge: missing, expected a duration such as 300s, 0s where nothing is kept, or none where it is kept for good',
  ],
  [
    [{ ...django, connMaxAge: 300 }],
    'rules[0].connMaxAge: 300 found, expected a duration such as 300s, 0s where nothing is kept, or none where it is kept for good',
  ],
  [
    [{ ...django, for: '3s' }],
    'rules[0].for: unknown key, expected one of: preset, name, connMaxAge, healthChecks, server, pool, requestTimeout, match, except',
  ],
  [
    [{ ...django, match: { usr: 'a' } }],
    'rules[0].match.usr: unknown key, expected one of: user, database, application, client, statement, serverState, tag',
  ],
  [
    [django, django],
    'rules[1].name: missing, expected a name that gives its rules names no other rule has: django-blocker is taken',
  ],
  [
    [{ ...rule, name: 'django-idle' }, django],
    'rules[1].name: missing, expected a name that gives its rules names no other rule has: django-idle is taken',
  ],
])('%j is told in words', (rules, text) => {
  expect(problems(...rules)).toEqual([text]);
});

describe('a rule beside django with connMaxAge 300s', () => {
  const web = { ...django, match: { application: 'shop-web' } };
  test.each<[EngineName, object, boolean]>([
    ['postgres', { for: '299s' }, true],
    ['postgres', { for: '300s' }, false],
    ['postgres', { for: '1m', open: '300s' }, false],
    ['postgres', { for: '1m', open: '299s' }, true],
    ['mysql', { for: '299s' }, true],
    ['mysql', { for: '300s' }, false],
    ['postgres', { for: '1m', state: 'idle in transaction' }, false],
    ['postgres', { for: '1m', match: { application: 'celery' } }, false],
    ['postgres', { for: '1m', match: { application: 'shop-*' } }, true],
    ['postgres', { for: '1m', match: { application: 'shop-w*' } }, true],
    ['postgres', { for: '1m', match: { application: 'cron*' } }, false],
    ['postgres', { for: '1m', match: { application: '/web/' } }, true],
    ['postgres', { for: '1m', match: { user: 'shop' } }, true],
    ['postgres', { for: '1m', except: { application: ['psql', 'shop-web'] } }, false],
  ])('on %s, %j: warned about %s', (engine, changes, isWarned) => {
    expect(expand([web, { ...rule, ...changes }], engine).warnings.length > 0).toBe(isWarned);
  });
  it('is told with the number that would do', () => {
    expect(expand([{ ...rule, for: '1m' }, django]).warnings).toEqual([
      'The rule leak may end sessions idle for 1m that django still uses, since its connMaxAge is 5m: the next request on such a connection fails. Give it open: 6m, or leave those sessions out by `except`.',
    ]);
  });
});

describe('presets beside each other, and beside what is kept for good', () => {
  const pool = { preset: 'node-postgres', idleTimeout: '10s', errorListener: true };
  it.each([
    [[django, pool], 1],
    [[django, { ...pool, match: { application: 'api' } }], 1],
    [
      [
        { ...django, match: { application: 'web' } },
        { ...pool, match: { application: 'api' } },
      ],
      0,
    ],
    [[django, { ...pool, idleTimeout: '1h' }], 1],
    [[{ ...pool, idleTimeout: 'none' }, django], 2],
  ])('%j: %i warnings', (rules, count) => {
    expect(expand(rules, 'postgres').warnings).toHaveLength(count);
  });
  it('a pair is told by its rule, with what keeps them apart', () => {
    expect(expand([django, pool], 'postgres').warnings).toEqual([
      'The rule node-postgres-idle may end sessions idle for 1m10s that django still uses, since its connMaxAge is 5m: the next request on such a connection fails. Give both presets a `match` that keeps their programs apart, or leave those sessions out of node-postgres-idle by `except`.',
    ]);
  });
  it('a rule beside a program that keeps its connections for good has no limit that would do', () => {
    const { warnings } = expand(
      [
        { ...pool, idleTimeout: 'none' },
        { ...rule, for: '1d' },
      ],
      'postgres',
    );
    expect(warnings[1]).toMatch(
      /^The rule leak may end .* idleTimeout is none: .* Leave those sessions out by `except`\.$/,
    );
  });
  it.each([
    [{ ...pool, idleTimeout: '0s' }, /none \(which is this program's own 0\)/],
    [{ ...django, connMaxAge: 'None' }, /300s, 0s where nothing is kept, or none/],
    [{ preset: 'hikaricp', maxLifetime: 0 }, /or none/],
    [{ preset: 'lambda', functionTimeout: '20m' }, /at most 15m/],
  ])('%j is refused in words that help', (entry, words) => {
    expect(() => expand([entry], 'postgres')).toThrow(words);
  });
});

describe('what ends a program is only reported', () => {
  const pool = { preset: 'node-postgres', idleTimeout: '10s' };
  const actions = (entry: object) => expand([entry]).rules.map(({ action }) => action);
  it('node-postgres, unless it listens on each client', () => {
    expect(actions(pool)).toEqual(['report', 'report', 'report']);
    expect(actions({ ...pool, errorListener: true })).toEqual(['terminate', 'terminate', 'terminate']);
  });
  it('a pool in Django, unless it tries connections first; what is open in a transaction is checked out', () => {
    const django = { preset: 'django', pool: {} };
    expect(actions(django)).toEqual(['terminate', 'terminate', 'report']);
    expect(actions({ ...django, healthChecks: true })).toEqual(['terminate', 'terminate', 'terminate']);
    expect(actions({ ...django, pool: { maxLifetime: 'none' } })).toEqual(['terminate', 'terminate']);
  });
  it('and a rule beside node-postgres that may end it is warned about, once', () => {
    const [warning, ...more] = expand([pool, rule, { ...rule, name: 'apart', action: 'report' }]).warnings;
    expect(warning).toMatch(/^The rules of leak may end sessions of node-postgres: .* whole process/);
    expect(more).toEqual([]);
  });
});

test.each([
  [{}, { forMs: 660_000, openMs: 3_660_000, keep: { which: 'newest', count: 4 } }],
  [
    { minSize: 0, maxIdle: '1m', maxLifetime: '30m' },
    { forMs: 120_000, openMs: 1_860_000, keep: null },
  ],
])('a django pool %j', (pool, idle) => {
  expect(expand([{ preset: 'django', pool }]).rules[2]).toMatchObject(idle);
  expect(problems({ preset: 'django', pool, connMaxAge: '60s' })).toEqual([
    expect.stringContaining('expected 0s, or leave it out'),
  ]);
});

test.each([
  ['5.5', false],
  ['5.6', true],
  ['5.6.0rc1', true],
  ['5.10', true],
  ['6.0', true],
  ['4.4', false],
])('celery %s closes after every task: %s', (version, closes) => {
  const celery = { preset: 'celery', version, taskTimeLimit: '10m' };
  expect(problems(celery).length === 0).toBe(closes);
  const { rules } = expand([{ ...celery, connMaxAge: '5m' }]);
  expect(rules[2]).toMatchObject({ openMs: closes ? 600_000 : 900_000 });
});

test('the event carries the preset as written, and its target says the engine', () => {
  const read = (engine: string): SweepEvent | null => {
    const target = { name: 'shop', engine, secret: 'shop' };
    const parsed = parseEvent({ version: 1, target, policy: { rules: [django] } });
    return parsed.ok ? parsed.value : null;
  };
  expect(read('postgres')?.policy.rules[2]).toMatchObject({ forMs: 60_000, openMs: 360_000 });
  expect(read('mariadb')?.policy.rules[2]).toMatchObject({ forMs: 360_000, openMs: null });
});

test('a file shared by two engines is read, with each warning once and its place', () => {
  const file = `policies:
  web:
    rules:
      - { preset: django, connMaxAge: 300s }
      - { name: hasty, state: idle, for: 1m }
targets:
  - { name: a, engine: postgres, host: a, secret: a, policy: web, schedule: rate(5 minutes) }
  - { name: b, engine: mysql, host: b, secret: b, policy: web, schedule: rate(5 minutes) }
  - { name: c, engine: mysql, host: c, secret: c, policy: web, schedule: rate(5 minutes) }
`;
  const read = readConfiguration(file);
  const lines = read.ok ? read.warnings.map((warning) => describePlacedWarning('unleak.yaml', warning)) : [];
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^unleak\.yaml:5:\d+ policies\.web\.rules\[1\]\.for: The rule hasty .* open: 6m,/);
  expect(lines[1]).toMatch(/for: 6m,/);
});
