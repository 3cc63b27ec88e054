import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import { chosenOf } from '../../../functions/core/model/plan.ts';
import {
  buildPolicy,
  buildSession,
  buildSessions,
  buildSnapshot,
  decideOne,
  minute,
} from '../build-session.ts';

describe('decide', () => {
  it('the first rule that matches decides', () => {
    const policy = buildPolicy([{ for: '2h' }, { match: { user: 'app' } }, {}]);
    expect(decideOne(buildSession(), policy)).toMatchObject({ verdict: 'terminate', rule: 'rule-2' });
  });

  it('a session no rule speaks of has no rule, no protection and a sentence', () => {
    expect(decideOne(buildSession({ state: 'other' }), buildPolicy([{}]))).toMatchObject({
      verdict: 'no-rule',
      rule: null,
      protection: null,
      reason: 'no rule matches',
    });
  });

  it('an active session can have its statement cancelled', () => {
    const policy = buildPolicy([{ state: 'active', action: 'cancel' }]);
    expect(decideOne(buildSession({ state: 'active' }), policy)).toMatchObject({
      verdict: 'cancel',
      rule: 'rule-1',
    });
  });

  it('nothing comes of nothing', () => {
    expect(decide(buildSnapshot([]), buildPolicy([{}]))).toEqual({ decisions: [] });
  });

  it('the chosen come first in the order of ending, the others by number', () => {
    const sessions = buildSessions([
      { id: '30', superuser: true },
      { id: '4', stateMs: minute },
      { id: '200', state: 'active' },
      { id: '5', stateMs: 2 * minute },
    ]);
    const plan = decide(buildSnapshot(sessions), buildPolicy([{}]));
    expect(plan.decisions.map(({ session }) => session.id)).toEqual(['5', '4', '30', '200']);
    expect(chosenOf(plan).map(({ session }) => session.id)).toEqual(['5', '4']);
  });

  describe('a missing fact in an earlier rule', () => {
    const session = buildSession({ openMs: null });

    it('leaves the session to a later rule where the earlier could only have ended it too', () => {
      expect(decideOne(session, buildPolicy([{ open: '1h' }, {}]))).toMatchObject({
        verdict: 'terminate',
        rule: 'rule-2',
      });
      expect(decideOne(session, buildPolicy([{ open: '1h', minimum: 2 }, {}])).verdict).toBe('terminate');
      expect(
        decideOne(session, buildPolicy([{ open: '1h', utilization: { above: '1%' } }, {}])).verdict,
      ).toBe('terminate');
    });

    it.each([
      ['keep', { keep: { newest: 1 } }],
      ['most', { most: 1 }],
      ['utilization.until', { utilization: { above: '1%', until: '1%' } }],
    ])('protects it where %s of the earlier might have spared it', (_what, limit) => {
      expect(decideOne(session, buildPolicy([{ open: '1h', ...limit }, {}]))).toMatchObject({
        verdict: 'protected',
        protection: 'missing-fact',
        rule: 'rule-1',
      });
    });

    it('protects it where the earlier would only have cancelled', () => {
      const policy = buildPolicy([{ state: 'active', action: 'cancel', open: '1h' }, { state: 'active' }]);
      expect(decideOne({ ...session, state: 'active' }, policy).verdict).toBe('protected');
    });

    it('is told before a group that was too small', () => {
      const policy = buildPolicy([{ minimum: 2 }, { open: '1h' }]);
      expect(decideOne(session, policy)).toMatchObject({ protection: 'missing-fact', rule: 'rule-2' });
    });
  });
});
