import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import type { Capacity } from '../../../functions/core/model/snapshot.ts';
import {
  buildPolicy,
  buildSessions,
  buildSnapshot,
  idsWith,
  type RuleInput,
  second,
} from '../build-session.ts';

const sessions = buildSessions(
  Array.from({ length: 30 }, (_, index) => ({ stateMs: (index + 1) * 10 * second })),
);

function chosen(capacity: Partial<Capacity>, ...rules: Partial<RuleInput>[]): number {
  const snapshot = buildSnapshot(sessions, {
    capacity: { maxConnections: 100, reserved: 0, used: 0, limits: [], ...capacity },
  });
  return idsWith('terminate', snapshot, buildPolicy(rules)).length;
}

const above80 = { utilization: { above: '80%' } };
const until75 = { utilization: { above: '80%', until: '75%' } };

const cases: readonly (readonly [
  what: string,
  capacity: Partial<Capacity>,
  rule: Partial<RuleInput>,
  chosen: number,
])[] = [
  ['one slot under above', { used: 79 }, above80, 0],
  ['exactly above', { used: 80 }, above80, 30],
  ['one slot over above', { used: 81 }, above80, 30],
  ['reserved slots are not for ordinary logins', { used: 79, reserved: 1 }, above80, 0],
  ['exactly above without the reserved', { used: 76, reserved: 5 }, above80, 30],
  ['more taken than ordinary logins can have', { used: 100, reserved: 3 }, above80, 30],
  ['a server without slots', { used: 0, maxConnections: 0 }, above80, 0],
  ['until: as many as needed', { used: 80 }, until75, 5],
  ['until: one more', { used: 81 }, until75, 6],
  ['until: not in force, nothing', { used: 79 }, until75, 0],
  ['until: more needed than there are', { used: 100 }, { utilization: { above: '80%', until: '1%' } }, 30],
  [
    'until the same as above, exactly there',
    { used: 80 },
    { utilization: { above: '80%', until: '80%' } },
    0,
  ],
  ['until the same as above, one over', { used: 81 }, { utilization: { above: '80%', until: '80%' } }, 1],
  [
    'until of half a slot rounds to the emptier side',
    { used: 9, maxConnections: 10 },
    { utilization: { above: '80%', until: '75%' } },
    2,
  ],
  [
    'no surplus from binary fractions: 29% of 100 is 29',
    { used: 30 },
    { utilization: { above: '30%', until: '29%' } },
    1,
  ],
  ['no surplus from binary fractions: 55% of 100 is 55', { used: 55 }, { utilization: { above: '55%' } }, 30],
  [
    'tenths of a percent',
    { used: 805, maxConnections: 1000 },
    { utilization: { above: '80.5%', until: '80.1%' } },
    4,
  ],
];

describe('utilization', () => {
  it.each(cases)('%s', (_what, capacity, rule, count) => {
    expect(chosen(capacity, rule)).toBe(count);
  });

  it('what earlier rules end is counted as gone', () => {
    expect(chosen({ used: 85 }, { most: 5, for: '200s' }, until75)).toBe(5 + 5);
    expect(chosen({ used: 85 }, { match: { user: 'nobody' } }, until75)).toBe(10);
    expect(chosen({ used: 84 }, { most: 5, match: { user: 'app' }, for: '200s' }, above80)).toBe(5);
  });

  it('a cancelled statement frees no slot', () => {
    const active = buildSessions(Array.from({ length: 10 }, () => ({ state: 'active' as const })));
    const idle = sessions.map((session) => ({ ...session, id: `1${session.id.padStart(3, '0')}` }));
    const snapshot = buildSnapshot([...active, ...idle], {
      capacity: { maxConnections: 100, reserved: 0, used: 85, limits: [] },
    });
    const policy = buildPolicy([{ state: 'active', action: 'cancel' }, until75]);
    expect(idsWith('cancel', snapshot, policy)).toHaveLength(10);
    expect(idsWith('terminate', snapshot, policy)).toHaveLength(10);
  });

  it('takes those longest in their state and spares the rest, saying so', () => {
    const snapshot = buildSnapshot(sessions, {
      capacity: { maxConnections: 100, reserved: 0, used: 80, limits: [] },
    });
    const { decisions } = decide(snapshot, buildPolicy([until75]));
    expect(decisions.slice(0, 5).map((decision) => decision.session.id)).toEqual([
      '30',
      '29',
      '28',
      '27',
      '26',
    ]);
    expect(decisions[5]?.reason).toBe(
      'idle for 10s (limit 1s), 80 of 100 slots taken (limit 80%); spared: ending those longer in their state already brings the server down to the wanted utilization',
    );
  });

  it('a rule that is not in force protects and spares nobody from later rules', () => {
    expect(chosen({ used: 10 }, { ...above80, keep: { newest: 30 } }, {})).toBe(30);
  });
});

/** So many sessions of each user, idle since the user's own times. */
function estate(users: Readonly<Record<string, { readonly count: number; readonly stateMs: number }>>) {
  return buildSessions(
    Object.entries(users).flatMap(([user, { count, stateMs }]) =>
      Array.from({ length: count }, () => ({ user, stateMs })),
    ),
  );
}

function endedBy(
  users: Parameters<typeof estate>[0],
  rule: Partial<RuleInput>,
  capacity: Partial<Capacity> = {},
): Record<string, number> {
  const sessions = estate(users);
  const snapshot = buildSnapshot(sessions, {
    capacity: { maxConnections: 100, reserved: 0, used: sessions.length, limits: [], ...capacity },
  });
  const ended: Record<string, number> = {};
  for (const { session, verdict } of decide(snapshot, buildPolicy([rule])).decisions)
    if (verdict === 'terminate') ended[session.user ?? ''] = (ended[session.user ?? ''] ?? 0) + 1;
  return ended;
}

const fresh = { count: 80, stateMs: 100 };
const until60 = { utilization: { above: '80%', until: '60%' } };

describe('until takes from those who hold the most', () => {
  it.each([
    [
      'fresh sessions of another never end a pool that holds less',
      { mallory: fresh, shop: { count: 12, stateMs: 60_000 } },
      {},
    ],
    [
      'the largest gives first, though others are idle for longer',
      { celery: { count: 70, stateMs: 20_000 }, shop: { count: 12, stateMs: 60_000 } },
      { celery: 22 },
    ],
    [
      'two that are large are brought to one level',
      {
        a: { count: 50, stateMs: 20_000 },
        b: { count: 40, stateMs: 20_000 },
        c: { count: 4, stateMs: 60_000 },
      },
      { a: 22, b: 12 },
    ],
    [
      'what does not divide goes to the one idle for longer',
      { a: { count: 41, stateMs: 20_000 }, b: { count: 40, stateMs: 30_000 } },
      { a: 11, b: 10 },
    ],
    [
      'a user at one level with another that has nothing to give gives one at most',
      { mallory: { ...fresh, count: 45 }, shop: { count: 45, stateMs: 60_000 } },
      { shop: 15 },
    ],
  ])('%s', (_what, users, ended) => {
    expect(endedBy(users, until60)).toEqual(ended);
  });

  it('and says so to those who hold less', () => {
    const snapshot = buildSnapshot(
      estate({ celery: { count: 80, stateMs: 20_000 }, shop: { count: 1, stateMs: 60_000 } }),
      {
        capacity: { maxConnections: 100, reserved: 0, used: 81, limits: [] },
      },
    );
    const spared = decide(snapshot, buildPolicy([until60])).decisions.find(
      ({ session }) => session.user === 'shop',
    );
    expect(spared).toMatchObject({
      verdict: 'spared',
      reason:
        'idle for 1m (limit 1s), 81 of 100 slots taken (limit 80%); spared: its user holds no more slots than its part, and the rule takes from those who hold more',
    });
  });
});

const limit = (kind: 'role' | 'database' | 'user', name: string, limit: number, used: number) => ({
  limits: [{ kind, name, limit, used }],
});
const shop = { shop: { count: 20, stateMs: 60_000 }, jobs: { count: 20, stateMs: 90_000 } };

describe('a limit narrower than the server’s', () => {
  it.each([
    ['a role one under above', limit('role', 'shop', 25, 19), {}],
    ['a role exactly at above', limit('role', 'shop', 25, 20), { shop: 5 }],
    ['a role that is full', limit('role', 'shop', 20, 20), { shop: 8 }],
    ['a user that is full, on MySQL', limit('user', 'shop', 20, 20), { shop: 8 }],
    ['a role of which nobody is here', limit('role', 'gone', 20, 20), {}],
    ['a database that is full', limit('database', 'orders', 40, 40), { shop: 8, jobs: 8 }],
    ['a limit of none', limit('role', 'shop', 0, 20), {}],
  ])('%s puts the rule in force for its own sessions', (_what, limits, ended) => {
    expect(endedBy(shop, until60, limits)).toEqual(ended);
  });

  it('what a narrow limit gives relieves the server as well', () => {
    const full = { used: 40, maxConnections: 50, ...limit('role', 'shop', 20, 20) };
    expect(endedBy(shop, until60, full)).toEqual({ shop: 8, jobs: 2 });
    expect(endedBy({ shop: shop.shop }, until60, { ...full, used: 20, maxConnections: 25 })).toEqual({
      shop: 8,
    });
  });

  it('is named in the reason', () => {
    const snapshot = buildSnapshot(estate(shop), {
      capacity: { maxConnections: 100, reserved: 0, used: 40, ...limit('role', 'shop', 20, 20) },
    });
    expect(decide(snapshot, buildPolicy([until60])).decisions[0]).toMatchObject({
      session: { user: 'shop' },
      reason: 'idle for 1m (limit 1s), 20 of 20 connections of role shop taken (limit 80%)',
    });
  });
});
