import { describe, expect, it } from 'vitest';
import { capOf } from '../../../functions/core/decide/caps.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import {
  buildPolicy,
  buildSessions,
  buildSnapshot,
  idsWith,
  type RuleInput,
  second,
} from '../build-session.ts';

const cases: readonly (readonly [
  perSweep: number,
  share: number,
  clients: number,
  most: number,
  says: string,
])[] = [
  [50, 0.5, 100, 50, 'at most 50 in one sweep'],
  [50, 0.5, 99, 49, 'at most 50% of the 99 client sessions in one sweep'],
  [50, 0.5, 102, 50, 'at most 50 in one sweep'],
  [50, 0.5, 1, 1, 'at most 50% of the 1 client sessions in one sweep'],
  [50, 0.5, 0, 1, 'at most 50% of the 0 client sessions in one sweep'],
  [50, 1, 3, 3, 'at most 100% of the 3 client sessions in one sweep'],
  [1, 1, 3, 1, 'at most 1 in one sweep'],
  [50, 0.29, 100, 29, 'at most 29% of the 100 client sessions in one sweep'],
  [50, 0.0005, 10, 1, 'at most 0.05% of the 10 client sessions in one sweep'],
  [50, 1 / 3, 9, 3, 'at most 33.3333% of the 9 client sessions in one sweep'],
];

describe('caps', () => {
  it.each(cases)(
    '%s per sweep and a share of %s of %s clients: %s',
    (perSweep, share, clients, most, says) => {
      expect(capOf({ perSweep, share }, clients)).toEqual({ most, says });
    },
  );

  const sessions = buildSessions(
    Array.from({ length: 6 }, (_, index) => ({ stateMs: (index + 1) * 10 * second })),
  );

  it('spare those least long in their state, and say so', () => {
    const policy = buildPolicy([{}], { caps: { perSweep: 2 } });
    const { decisions } = decide(buildSnapshot(sessions), policy);
    expect(decisions.map(({ session, verdict }) => `${session.id} ${verdict}`)).toEqual([
      '6 terminate',
      '5 terminate',
      '4 capped',
      '3 capped',
      '2 capped',
      '1 capped',
    ]);
    expect(decisions[2]).toMatchObject({
      rule: 'rule-1',
      reason: 'idle for 40s (limit 1s); spared by the cap: at most 2 in one sweep',
    });
  });

  it('earlier rules come first, whatever the times', () => {
    const policy = buildPolicy([{ match: { user: 'first' } }, {}], { caps: { perSweep: 2 } });
    const mixed = sessions.map((session) => ({ ...session, user: session.id === '1' ? 'first' : 'app' }));
    expect(idsWith('terminate', buildSnapshot(mixed), policy)).toEqual(['1', '6']);
  });

  it('half of the client sessions by default, and 50 at most', () => {
    const policy = buildPolicy([{}], { caps: {} });
    expect(idsWith('terminate', buildSnapshot(sessions), policy)).toHaveLength(3);
    const many = buildSessions(Array.from({ length: 200 }, () => ({})));
    expect(idsWith('terminate', buildSnapshot(many), policy)).toHaveLength(50);
  });

  it('only client sessions count towards the share', () => {
    const policy = buildPolicy([{}], { caps: { share: '50%' } });
    const background = sessions.map((session) => ({
      ...session,
      id: `9${session.id}`,
      kind: 'background' as const,
    }));
    expect(idsWith('terminate', buildSnapshot([...sessions, ...background]), policy)).toHaveLength(3);
  });

  it('cancelled statements count', () => {
    const active = sessions.map((session) => ({ ...session, state: 'active' as const }));
    const policy = buildPolicy([{ state: 'active', action: 'cancel' }], { caps: { perSweep: 2 } });
    expect(idsWith('cancel', buildSnapshot(active), policy)).toEqual(['6', '1']);
    expect(idsWith('capped', buildSnapshot(active), policy)).toHaveLength(4);
  });

  it('cancels go by turns to the longest and the shortest, so that what outlives them starves nobody', () => {
    const active = sessions.map((session) => ({ ...session, state: 'active' as const }));
    const cancelled = (perSweep: number) =>
      idsWith(
        'cancel',
        buildSnapshot(active),
        buildPolicy([{ state: 'active', action: 'cancel' }], { caps: { perSweep, share: '100%' } }),
      );
    expect([1, 2, 3, 4, 5, 6].map((most) => cancelled(most).join(' '))).toEqual([
      '6',
      '6 1',
      '6 5 1',
      '6 5 2 1',
      '6 5 4 2 1',
      '6 5 4 3 2 1',
    ]);
  });

  it('are dealt out to one user after the other, whatever rule chose', () => {
    const rules = [{ match: { user: 'many' } }, {}];
    const mixed = sessions.map((session) => ({ ...session, user: session.id > '2' ? 'many' : 'few' }));
    const ended = (perSweep: number) =>
      idsWith(
        'terminate',
        buildSnapshot(mixed),
        buildPolicy(rules, { caps: { perSweep, share: '100%' } }),
      ).join(' ');
    expect([1, 2, 3, 4, 5].map(ended)).toEqual(['6', '6 2', '6 5 2', '6 5 2 1', '6 5 4 2 1']);
  });

  it('of each user no more than its share, but where a rule has a group, which says itself what stays', () => {
    const mixed = sessions.map((session) => ({ ...session, user: session.id > '2' ? 'many' : 'few' }));
    const ended = (rule: Partial<RuleInput>) =>
      idsWith('terminate', buildSnapshot(mixed), buildPolicy([rule], { caps: { share: '50%' } }));
    expect(ended({})).toEqual(['6', '5', '2']);
    expect(ended({ match: { user: 'many' } })).toEqual(['6', '5']);
    expect(ended({ match: { user: 'many' }, group: ['user'], most: 9 })).toEqual(['6', '5', '4']);
  });

  it('the share of a user is told', () => {
    const mixed = sessions.map((session) => ({ ...session, user: session.id > '2' ? 'many' : 'few' }));
    const policy = buildPolicy([{ match: { user: 'few' } }], { caps: { share: '50%' } });
    expect(decide(buildSnapshot(mixed), policy).decisions[1]).toMatchObject({
      verdict: 'capped',
      reason:
        'idle for 10s (limit 1s); spared by the cap: at most 50% of the 2 client sessions of its user in one sweep',
    });
  });

  it('what was spared or protected uses nothing of the cap', () => {
    const policy = buildPolicy([{ keep: { oldest: 2 } }], { caps: { perSweep: 2 } });
    expect(idsWith('terminate', buildSnapshot(sessions), policy)).toEqual(['4', '3']);
  });
});
