import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../functions/core/model/attempt.ts';
import type { Chosen } from '../../functions/core/model/plan.ts';
import type { Session } from '../../functions/core/model/session.ts';
import { survivors, verify } from '../../functions/core/verify.ts';
import { buildSession, buildSnapshot } from './build-session.ts';

const idle = buildSession();
const active = buildSession({ state: 'active' });

function choose(session: Session, verdict: Chosen['verdict'] = 'terminate'): Chosen {
  return { session, verdict, rule: 'leak', protection: null, reason: 'idle' };
}

/** What verification shows under the number of the chosen session; undefined: there was no verification. */
type After = Session | null | undefined;

const same = idle;
const usedAgain = buildSession({ state: 'active', identity: { ...idle.identity, stateChange: 'later' } });
const reused = buildSession({ identity: { connection: 'another', stateChange: 'change-1' } });
const looks: readonly (readonly [what: string, after: After])[] = [
  ['still there', same],
  ['used again', usedAgain],
  ['another under its number', reused],
  ['gone', null],
  ['no second look', undefined],
];

const attempts = {
  gone: { id: '1', result: 'gone' },
  changed: { id: '1', result: 'changed' },
  late: { id: '1', result: 'late' },
  unknown: { id: '1', result: 'unknown' },
  refused: { id: '1', result: 'refused', code: '42501', message: 'must be a superuser' },
  signalled: { id: '1', result: 'signalled' },
} as const satisfies Record<string, Attempt>;

function resultOf(attempt: Attempt | undefined, after: After, decision = choose(idle)) {
  const look = after === undefined ? null : buildSnapshot(after === null ? [] : [after]);
  const outcome = verify([decision], attempt ? [attempt] : [], look)[0];
  if (!outcome) throw new Error('no outcome');
  return outcome;
}

describe('verify', () => {
  describe.each(looks)('when the second look finds: %s', (_what, after) => {
    it('what was gone, changed, late, refused or never tried is told as that', () => {
      const isThere = after?.identity.connection === idle.identity.connection;
      expect(resultOf(attempts.gone, after).result).toBe(isThere ? 'unverified' : 'already gone');
      expect(resultOf(attempts.changed, after).result).toBe('changed');
      expect(resultOf(attempts.late, after).result).toBe('late');
      expect(resultOf(attempts.refused, after)).toMatchObject({ result: 'refused', code: '42501' });
      expect(resultOf(undefined, after).result).toBe('skipped');
    });

    it('what may or may not have been signalled is unverified', () => {
      expect(resultOf(attempts.unknown, after).result).toBe('unverified');
    });
  });

  it.each([
    ['still there', same, 'survived'],
    ['used again on the same connection', usedAgain, 'survived'],
    ['another under its number', reused, 'terminated'],
    ['gone', null, 'terminated'],
    ['no second look', undefined, 'unverified'],
  ] as const)('signalled to end: %s', (_what, after, result) => {
    expect(resultOf(attempts.signalled, after).result).toBe(result);
  });

  it.each([
    ['the same statement still runs', active, 'still running'],
    ['idle now', { ...active, state: 'idle' }, 'cancelled'],
    ['in an aborted transaction now', { ...active, state: 'idle in transaction (aborted)' }, 'cancelled'],
    ['in a state nobody could read', { ...active, state: null }, 'cancelled'],
    [
      'another statement runs',
      { ...active, identity: { ...active.identity, stateChange: 'later' } },
      'cancelled',
    ],
    ['another under its number', { ...reused, state: 'active' }, 'cancelled'],
    ['gone', null, 'cancelled'],
    ['no second look', undefined, 'unverified'],
  ] as const)('signalled to cancel: %s', (_what, after, result) => {
    expect(resultOf(attempts.signalled, after, choose(active, 'cancel')).result).toBe(result);
  });

  it('gives one outcome for each chosen session, in order, with its rule and no code unless refused', () => {
    const chosen = ['3', '1', '2'].map((id) => choose(buildSession({ id })));
    const outcomes = verify(chosen, [attempts.signalled, { id: '2', result: 'gone' }], buildSnapshot([]));
    expect(outcomes.map(({ session, rule, result, code }) => [session.id, rule, result, code])).toEqual([
      ['3', 'leak', 'skipped', null],
      ['1', 'leak', 'terminated', null],
      ['2', 'leak', 'already gone', null],
    ]);
  });

  it('nothing chosen, nothing to tell', () => {
    expect(verify([], [attempts.signalled], buildSnapshot([idle]))).toEqual([]);
  });

  it('survivors are those signalled and still there', () => {
    const chosen = ['1', '2', '3', '4'].map((id) => choose(buildSession({ id })));
    const signals: Attempt[] = ['1', '2', '3'].map((id) => ({ id, result: 'signalled' }));
    const after = buildSnapshot(['1', '3', '4'].map((id) => buildSession({ id })));
    expect(survivors(chosen, signals, after)).toBe(2);
  });
});
