import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import type { Capacity } from '../../../functions/core/snapshot.ts';
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
