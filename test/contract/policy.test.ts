import { groupFields } from '../../functions/contract/rule.ts';
import { describe, expect, it } from 'vitest';
import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { defaultCaps, policySchema } from '../../functions/contract/policy.ts';
import { describeProblem, parseWith } from '../../functions/contract/problems.ts';

/** The sketch of DESIGN.md, as YAML gives it. */
const sketch = {
  rules: [
    { name: 'blocker', state: 'idle in transaction', for: '15s', blocking: '10s' },
    { name: 'stuck-transaction', state: 'idle in transaction', for: '2m' },
    {
      name: 'celery-leak',
      match: { application: ['celery*'] },
      state: 'idle',
      for: '10m',
      group: ['user', 'application', 'client'],
      keep: { newest: 2 },
    },
    { name: 'pressure', state: 'idle', for: '1m', utilization: { above: '80%', until: '60%' } },
  ],
  protect: [{ user: ['deploy'], reason: 'deploys by hand' }],
  caps: { perSweep: 50, share: '50%' },
};

function problems(policy: unknown): string[] {
  const parsed = parseWith(policySchema, policy);
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

/** Problems of the sketch's second rule with these keys changed. */
function rule(changes: Record<string, unknown>): string[] {
  return problems({ rules: [{ name: 'leak', state: 'idle', for: '10m', ...changes }] });
}

const duration = 'a duration such as 15s, 10m or 1h30m, at least 1s and at most 3650d';
const instead = 'only `transaction`, `blocking` or a `waiting` time can stand in its place';
const percentage = 'a percentage above 0% and at most 100%, such as 80%';
const name = 'a name of lower-case letters, digits and dashes, 1 to 63 characters, such as celery-leak';
const states = 'idle | idle in transaction | idle in transaction (aborted) | active';
const pattern =
  'a wildcard such as celery* (* any run, ? one character) or a /regular expression/ in RE2 syntax, with i after it to ignore case; 1 to 500 characters';
const client =
  'an address, a CIDR network such as 10.0.0.0/8, a wildcard or a /regular expression/; without a port';
const fields = 'user, database, application, client, statement, serverState, tag';
const groups = groupFields.join(' | ');
const ruleKeys =
  'name, state, for, open, transaction, blocking, waiting, waitingForClient, unused, match, except, group, minimum, keep, most, utilization, action';

describe('a policy', () => {
  it('is read from the sketch', () => {
    const policy = expandPolicy(policySchema.parse(sketch), 'postgres');
    expect(policy.rules.map(({ name, states, forMs }) => [name, states, forMs])).toEqual([
      ['blocker', ['idle in transaction'], 15_000],
      ['stuck-transaction', ['idle in transaction'], 120_000],
      ['celery-leak', ['idle'], 600_000],
      ['pressure', ['idle'], 60_000],
    ]);
    expect(policy.rules[0]).toMatchObject({ blockingMs: 10_000, action: 'terminate', keep: null, group: [] });
    expect(policy.rules[2]).toMatchObject({
      match: { application: [{ kind: 'wildcard', text: 'celery*' }] },
      keep: { which: 'newest', count: 2 },
    });
    expect(policy.rules[3]).toMatchObject({ utilization: { above: 0.8, until: 0.6 } });
    expect(policy).toMatchObject({ lift: [], caps: { perSweep: 50, share: 0.5 } });
  });

  it('has caps and no protections of its own where it names none', () => {
    expect(policySchema.parse({ rules: sketch.rules })).toMatchObject({
      protect: [],
      lift: [],
      caps: defaultCaps,
    });
    expect(policySchema.parse({ ...sketch, caps: {} }).caps).toEqual(defaultCaps);
  });
});

describe('a time', () => {
  it.each([
    [{ state: 'idle in transaction', transaction: '1m' }],
    [{ state: 'idle in transaction', blocking: '10s' }],
    [{ state: 'idle', blocking: '10s' }],
    [{ state: 'active', waiting: '1m' }],
  ])('stands in the place of `for`: %j', (changes) => {
    expect(rule({ for: undefined, ...changes })).toEqual([]);
  });
});

describe('a mistake is told in words', () => {
  it.each([
    [{ state: 'idel' }, `rules[0].state: "idel" found, expected one of, or a list of: ${states}`],
    [{ state: ['idle', 'idel'] }, `rules[0].state[1]: "idel" found, expected one of: ${states}`],
    [{ state: [] }, 'rules[0].state: [] found, expected at least one state'],
    [{ for: undefined }, `rules[0].for: missing, expected ${duration}; ${instead}`],
    [{ for: undefined, open: '1h' }, `rules[0].for: missing, expected ${duration}; ${instead}`],
    [
      { for: undefined, state: 'active', waiting: true },
      `rules[0].for: missing, expected ${duration}; ${instead}`,
    ],
    [{ waiting: 5, state: 'active' }, `rules[0].waiting: 5 found, expected true, false, or ${duration}`],
    [
      { waiting: '1s' },
      'rules[0].waiting: "1s" found, expected no `waiting` but with state: active alone, since a session at rest waits for nothing',
    ],
    [
      { waitingForClient: true, state: ['idle', 'active'] },
      'rules[0].waitingForClient: true found, expected no `waitingForClient` but with state: active alone, since a session at rest waits for nothing',
    ],
    [
      { waitingForClient: true, state: 'active', action: 'cancel' },
      'rules[0].action: "cancel" found, expected terminate beside `waitingForClient`, since a cancel cannot interrupt a session that waits for its client',
    ],
    [
      { waitingForClient: true, state: 'active', waiting: true },
      'rules[0].waiting: true found, expected no `waiting` beside `waitingForClient`, since a session waits for one at a time',
    ],
    [
      { waitingForClient: false, state: 'active' },
      'rules[0].waitingForClient: false found, expected true, or leave it out',
    ],
    [{ for: null }, `rules[0].for: null found, expected ${duration}`],
    [{ for: 600 }, `rules[0].for: 600 found, expected ${duration}`],
    [{ for: '999ms' }, `rules[0].for: "999ms" found, expected ${duration}`],
    [{ open: '1.5h' }, `rules[0].open: "1.5h" found, expected ${duration}`],
    [{ name: 'Leak 1' }, `rules[0].name: "Leak 1" found, expected ${name}`],
    [{ fro: '5m' }, `rules[0].fro: unknown key, expected one of: ${ruleKeys}`],
    [{ unused: false }, 'rules[0].unused: false found, expected true, or leave it out'],
    [{ match: {} }, `rules[0].match: {} found, expected at least one of ${fields}`],
    [{ match: 'celery' }, `rules[0].match: "celery" found, expected an object with ${fields}`],
    [{ match: { app: 'x' } }, `rules[0].match.app: unknown key, expected one of: ${fields}`],
    [{ match: { user: [] } }, 'rules[0].match.user: [] found, expected at least one value'],
    [{ match: { user: 5 } }, 'rules[0].match.user: 5 found, expected one value or a list of values'],
    [{ match: { user: '/(/' } }, `rules[0].match.user: "/(/" found, expected ${pattern}`],
    [{ match: { user: ['a', '/x/g'] } }, `rules[0].match.user[1]: "/x/g" found, expected ${pattern}`],
    [{ match: { client: '10.0.0.1:80' } }, `rules[0].match.client: "10.0.0.1:80" found, expected ${client}`],
    [{ group: 'user', most: 1 }, `rules[0].group: "user" found, expected a list of: ${groups}`],
    [{ group: ['usr'], most: 1 }, `rules[0].group[0]: "usr" found, expected one of: ${groups}`],
    [
      { group: ['user'] },
      'rules[0].group: ["user"] found, expected minimum, keep or most beside `group`, since nothing else counts within a group',
    ],
    [{ minimum: 0 }, 'rules[0].minimum: 0 found, expected a whole number, 1 or more'],
    [{ most: 1.5 }, 'rules[0].most: 1.5 found, expected a whole number, 1 or more'],
    [{ most: '3' }, 'rules[0].most: "3" found, expected a whole number, 1 or more'],
    [{ most: Number.NaN }, 'rules[0].most: NaN found, expected a whole number, 1 or more'],
    [{ keep: 2 }, 'rules[0].keep: 2 found, expected an object with newest, oldest'],
    [
      { keep: { newest: 1, oldest: 1 } },
      'rules[0].keep: {"newest":1,"oldest":1} found, expected either newest or oldest with a whole number, such as { newest: 2 }',
    ],
    [{ utilization: { above: 80 } }, `rules[0].utilization.above: 80 found, expected ${percentage}`],
    [
      { utilization: { above: '60%', until: '80%' } },
      'rules[0].utilization.until: "80%" found, expected a percentage not above `above`',
    ],
    [{ action: 'kill' }, 'rules[0].action: "kill" found, expected one of: terminate | cancel | report'],
    [
      { action: 'cancel' },
      'rules[0].action: "cancel" found, expected terminate, since only an active session has a statement to cancel',
    ],
    [
      { action: 'cancel', state: 'active', utilization: { above: '80%', until: '60%' } },
      'rules[0].utilization.until: "60%" found, expected no `until` with action: cancel, since that frees no connection',
    ],
    [
      { transaction: '1m' },
      'rules[0].transaction: "1m" found, expected no `transaction` with state: idle, since an idle session has none',
    ],
    [
      { unused: true, state: 'active' },
      'rules[0].unused: true found, expected no `unused` but with state: idle alone, since it measures the work before the session fell idle',
    ],
  ])('%j', (changes, text) => {
    expect(rule(changes)).toEqual([text]);
  });

  it.each([
    [null, '(root): null found, expected an object with rules, protect, lift, caps'],
    [undefined, '(root): missing, expected an object with rules, protect, lift, caps'],
    [[], '(root): [] found, expected an object with rules, protect, lift, caps'],
    [{}, 'rules: missing, expected a list of rules and presets'],
    [{ rules: [] }, 'rules: [] found, expected at least one rule'],
    [
      { ...sketch, rules: [5] },
      'rules[0]: 5 found, expected a rule (an object with name, state and a time) or a preset (an object with preset and its settings)',
    ],
    [
      { ...sketch, lift: 'listen' },
      'lift: "listen" found, expected a list of: listen | advisory-lock | table-lock | xa | temporary-table | backup | migration | change-data-capture | pooler',
    ],
    [
      { ...sketch, lift: ['superuser'] },
      'lift[0]: "superuser" found, expected one of: listen | advisory-lock | table-lock | xa | temporary-table | backup | migration | change-data-capture | pooler',
    ],
    [{ ...sketch, protect: {} }, 'protect: {} found, expected a list of at most 200 protections'],
    [
      { ...sketch, protect: [{ reason: 'x' }] },
      `protect[0]: {"reason":"x"} found, expected at least one of ${fields}, beside reason`,
    ],
    [
      { ...sketch, protect: [{ user: 'x' }] },
      'protect[0].reason: missing, expected a sentence that says why, 1 to 200 characters',
    ],
    [
      { ...sketch, caps: { perSweep: 10_001 } },
      'caps.perSweep: 10001 found, expected a whole number, 1 to 10000',
    ],
    [{ ...sketch, caps: { share: '0%' } }, `caps.share: "0%" found, expected ${percentage}`],
    [
      { ...sketch, rules: [sketch.rules[0], sketch.rules[0]] },
      'rules[1].name: "blocker" found, expected a name no other rule has',
    ],
  ])('%.60j', (policy, text) => {
    expect(problems(policy)).toEqual([text]);
  });
});

describe('all mistakes are told at once', () => {
  it('a wrong value hides no rule that is impossible as a whole, nor the reverse', () => {
    const wrong = {
      name: 'a',
      state: 'idle',
      for: '0s',
      most: 1.5,
      action: 'cancel',
      transaction: '1m',
      foo: 1,
    };
    const told = problems({
      rules: [wrong, { ...wrong, utilization: { above: '10%', until: '20%' } }, { name: 'a' }],
      protect: [{ reason: '' }],
      caps: { perSweep: 0 },
    });
    expect(told.map((line) => line.slice(0, line.indexOf(':'))).sort()).toEqual(
      [
        ...['action', 'foo', 'for', 'most', 'transaction'].map((key) => `rules[0].${key}`),
        ...[
          'action',
          'foo',
          'for',
          'most',
          'transaction',
          'name',
          'utilization.until',
          'utilization.until',
        ].map((key) => `rules[1].${key}`),
        ...['for', 'name', 'state'].map((key) => `rules[2].${key}`),
        'protect[0]',
        'protect[0].reason',
        'caps.perSweep',
      ].sort(),
    );
  });
});
