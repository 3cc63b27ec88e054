import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import {
  buildPolicy,
  buildSessions,
  buildSnapshot,
  idsWith,
  type RuleInput,
  second,
  verdictsOf,
} from '../build-session.ts';

/** Sessions 1, 2, 3 … idle for that many times ten seconds: the highest number is the oldest. */
function aged(count: number, more: (id: number) => Partial<Session> = () => ({})): Session[] {
  return buildSessions(
    Array.from({ length: count }, (_, index) => ({ stateMs: (index + 1) * 10 * second, ...more(index + 1) })),
  );
}

const oddUser = (id: number) => ({ user: id % 2 ? 'odd' : 'even' });
const byUser = { group: ['user'] } satisfies Partial<RuleInput>;

const cases: readonly (readonly [
  what: string,
  rule: Partial<RuleInput>,
  sessions: Session[],
  chosen: string[],
])[] = [
  ['without limits all, longest in their state first', {}, aged(3), ['3', '2', '1']],
  ['keep the newest', { keep: { newest: 1 } }, aged(3), ['3', '2']],
  ['keep the oldest', { keep: { oldest: 1 } }, aged(3), ['2', '1']],
  ['keep as many as there are', { keep: { newest: 3 } }, aged(3), []],
  ['keep all but one', { keep: { newest: 2 } }, aged(3), ['3']],
  ['keep more than there are', { keep: { oldest: 4 } }, aged(3), []],
  ['keep in each group', { ...byUser, keep: { newest: 1 } }, aged(5, oddUser), ['5', '4', '3']],
  ['keep the oldest in each group', { ...byUser, keep: { oldest: 1 } }, aged(5, oddUser), ['3', '2', '1']],
  ['most over all', { most: 2 }, aged(3), ['3', '2']],
  ['most over all users', { most: 2 }, aged(3, oddUser), ['3', '2']],
  ['keep of each user without a group', { keep: { newest: 1 } }, aged(5, oddUser), ['5', '4', '3']],
  ['minimum of each user without a group, one too few', { minimum: 4 }, aged(5, oddUser), []],
  ['minimum of each user without a group, exactly', { minimum: 3 }, aged(5, oddUser), ['5', '3', '1']],
  [
    'the same statement, many times',
    { group: ['statement'], minimum: 2 },
    aged(3, (id) => ({ statement: id === 2 ? 'SELECT b' : 'SELECT a' })),
    ['3', '1'],
  ],
  [
    'of statements that were cut, or could not be read, nobody knows whether they are the same',
    { group: ['statement'], minimum: 1 },
    aged(3, (id) => ({ statement: ['SELECT a…', null, 'SELECT a'][id - 1] ?? null })),
    ['3'],
  ],
  ['most in each group', { ...byUser, most: 1 }, aged(5, oddUser), ['5', '4']],
  ['keep and most', { keep: { newest: 1 }, most: 1 }, aged(3), ['3']],
  ['minimum, one too few', { minimum: 4 }, aged(3), []],
  ['minimum, exactly', { minimum: 3 }, aged(3), ['3', '2', '1']],
  ['minimum, one more', { minimum: 2 }, aged(3), ['3', '2', '1']],
  ['minimum in each group', { ...byUser, minimum: 3 }, aged(5, oddUser), ['5', '3', '1']],
  ['minimum counts before keep', { minimum: 3, keep: { newest: 2 } }, aged(3), ['3']],
  ['only sessions that meet the conditions count', { minimum: 3, for: '20s' }, aged(3), []],
  [
    'an unknown application is a group of its own',
    { group: ['application'], most: 1 },
    aged(3, (id) => ({ application: [null, '', 'web'][id - 1] ?? null })),
    ['3', '2', '1'],
  ],
  [
    'groups of several fields do not run together',
    { group: ['user', 'database'], most: 1 },
    aged(2, (id) => (id === 1 ? { user: 'a', database: 'bc' } : { user: 'ab', database: 'c' })),
    ['2', '1'],
  ],
];

describe('what counts within groups', () => {
  it.each(cases)('%s', (_what, rule, sessions, chosen) => {
    expect(idsWith('terminate', buildSnapshot(sessions), buildPolicy([rule]))).toEqual(chosen);
  });

  it('equal times are told apart by number: the lower counts as the older', () => {
    const sessions = buildSessions([{ id: '10' }, { id: '9' }, { id: '100' }]);
    const chosen = (rule: Partial<RuleInput>) =>
      idsWith('terminate', buildSnapshot(sessions), buildPolicy([rule]));
    expect(chosen({})).toEqual(['9', '10', '100']);
    expect(chosen({ keep: { newest: 1 } })).toEqual(['9', '10']);
    expect(chosen({ keep: { oldest: 1 } })).toEqual(['10', '100']);
  });

  it('numbers beyond what a JavaScript number holds keep their order', () => {
    const ids = ['18446744073709551615', '18446744073709551614', '9007199254740993', '9007199254740992'];
    const sessions = buildSessions(ids.map((id) => ({ id })));
    expect(idsWith('terminate', buildSnapshot(sessions), buildPolicy([{}]))).toEqual([...ids].reverse());
  });

  it('a protected session is not counted', () => {
    const sessions = aged(3, (id) => ({ superuser: id === 2 }));
    expect(verdictsOf(buildSnapshot(sessions), buildPolicy([{ keep: { newest: 1 } }]))).toEqual({
      3: 'terminate',
      2: 'protected',
      1: 'spared',
    });
    expect(verdictsOf(buildSnapshot(sessions), buildPolicy([{ minimum: 3 }]))).toEqual({
      3: 'no-rule',
      2: 'protected',
      1: 'no-rule',
    });
  });

  it('a spared session is not offered to later rules', () => {
    const policy = buildPolicy([{ keep: { newest: 1 } }, {}]);
    expect(verdictsOf(buildSnapshot(aged(2)), policy)).toEqual({ 2: 'terminate', 1: 'spared' });
  });

  it('a session in too small a group is', () => {
    const policy = buildPolicy([{ minimum: 3 }, {}]);
    const { decisions } = decide(buildSnapshot(aged(2)), policy);
    expect(decisions.map((decision) => [decision.verdict, decision.rule])).toEqual([
      ['terminate', 'rule-2'],
      ['terminate', 'rule-2'],
    ]);
  });

  it.each([
    [{ keep: { newest: 2 } }, 'idle for 10s (limit 1s); spared: kept as one of the 2 newest of group app'],
    [
      { ...byUser, keep: { oldest: 2 } },
      'idle for 10s (limit 1s); spared: kept as one of the 2 oldest of group app',
    ],
    [
      { minimum: 2 },
      'no rule matches; rule-1 would, but only 1 among group app, fewer than the minimum of 2',
    ],
    [
      { group: ['user', 'client'], minimum: 2 },
      'no rule matches; rule-1 would, but only 1 among group app / 10.0.0.7, fewer than the minimum of 2',
    ],
  ] satisfies [Partial<RuleInput>, string][])('%j says why', (rule, reason) => {
    expect(decide(buildSnapshot(aged(1)), buildPolicy([rule])).decisions[0]?.reason).toBe(reason);
  });

  it('most says why', () => {
    const spared = decide(buildSnapshot(aged(2)), buildPolicy([{ ...byUser, most: 1 }])).decisions[1];
    expect(spared?.reason).toBe(
      'idle for 10s (limit 1s); spared: the rule ends at most 1 of group app in one sweep',
    );
  });

  it('hundreds of thousands of sessions in one group do not overflow', () => {
    const sessions = buildSessions(Array.from({ length: 200_000 }, (_, id) => ({ stateMs: 2_000 + id })));
    for (const rule of [{ most: 1 }, { keep: { newest: 199_999 } }, { minimum: 200_001 }])
      expect(decide(buildSnapshot(sessions), buildPolicy([rule])).decisions).toHaveLength(200_000);
  });
});
