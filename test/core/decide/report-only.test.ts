import { describe, expect, test } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import { groupChosen } from '../../../functions/core/group-chosen.ts';
import { chosenOf } from '../../../functions/core/model/plan.ts';
import { buildPolicy, buildSession, buildSnapshot, verdictsOf } from '../build-session.ts';

const idle = (count: number, fields: Parameters<typeof buildSession>[0] = {}) =>
  Array.from({ length: count }, (_, index) => buildSession({ id: String(index + 1), ...fields }));

describe('a rule with action: report', () => {
  test('ends nothing, and keeps what it took from harder rules behind it', () => {
    const plan = decide(buildSnapshot(idle(2)), buildPolicy([{ action: 'report' }, {}]));
    expect(chosenOf(plan)).toEqual([]);
    expect(plan.decisions.map(({ verdict, rule }) => [verdict, rule])).toEqual([
      ['reported', 'rule-1'],
      ['reported', 'rule-1'],
    ]);
  });

  test('behind a rule that ends, has what is left', () => {
    const policy = buildPolicy([{ for: '1h' }, { action: 'report' }]);
    const sessions = [
      buildSession({ id: '1', stateMs: 3_600_000 }),
      buildSession({ id: '2', stateMs: 60_000 }),
    ];
    expect(verdictsOf(buildSnapshot(sessions), policy)).toEqual({ 1: 'terminate', 2: 'reported' });
  });

  test('takes no place of the caps', () => {
    const policy = buildPolicy([{ action: 'report', match: { user: 'app' } }, {}], {
      caps: { perSweep: 1 },
    });
    const sessions = [...idle(5, { user: 'app' }), buildSession({ id: '9', user: 'other' })];
    expect(verdictsOf(buildSnapshot(sessions), policy)[9]).toBe('terminate');
  });

  test('a missing fact leaves the session alone: a later rule might end what this one would have reported', () => {
    const policy = buildPolicy([{ action: 'report', open: '1h' }, {}]);
    const sessions = [buildSession({ id: '1', openMs: null })];
    expect(verdictsOf(buildSnapshot(sessions), policy)).toEqual({ 1: 'protected' });
  });

  test('a protection comes first', () => {
    const sessions = [buildSession({ id: '1', superuser: true })];
    expect(verdictsOf(buildSnapshot(sessions), buildPolicy([{ action: 'report' }]))).toEqual({
      1: 'protected',
    });
  });

  test('says who leaks like any other', () => {
    const { decisions } = decide(buildSnapshot(idle(3)), buildPolicy([{ action: 'report' }]));
    expect(groupChosen(decisions)).toMatchObject([{ rule: 'rule-1', sessions: [{}, {}, {}] }]);
  });
});
