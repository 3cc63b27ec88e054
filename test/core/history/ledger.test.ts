import { describe, expect, test } from 'vitest';
import { observe } from '../../../functions/core/history/history.ts';
import { mostFollowed } from '../../../functions/core/history/follow.ts';
import { prove } from '../../../functions/core/history/proof.ts';
import type { History } from '../../../functions/core/history/history.ts';
import { enforcedAt, minute, observeAll, resting, startMs, sweepAt } from './sweeps.ts';

function totalOf(history: History) {
  const { total } = prove(history, { sinceMs: startMs, nowMs: startMs + 60 * minute, policy: null });
  const { chosen, ended, stillSilent, left, usedAgain, unfollowed } = total;
  return { chosen, ended, stillSilent, left, usedAgain, unfollowed };
}
const none = { chosen: 0, ended: 0, stillSilent: 0, left: 0, usedAgain: 0, unfollowed: 0 };

describe('what became of a session that a dry run chose', () => {
  const first = sweepAt(0, [resting('1', 20)]);

  test.each([
    ['is there as it was', resting('1', 25), { stillSilent: 1 }],
    ['was used and is at rest again', resting('1', 1, 'u2'), { usedAgain: 1 }],
    ['is at work', resting('1', 0, 'u2', { state: 'active', stateMs: 10 }), { usedAgain: 1 }],
    [
      'has its number taken by another',
      resting('1', 1, 'u2', { identity: { connection: 'c-9', stateChange: 'u2' } }),
      { left: 1 },
    ],
    [
      'shows another state but no other use',
      resting('1', 25, 'u1', { state: 'idle in transaction' }),
      { stillSilent: 1 },
    ],
    ['lost what tells its use', resting('1', 25, '', {}), { stillSilent: 1 }],
  ])('%s', (_what, session, expected) => {
    expect(totalOf(observeAll([first, sweepAt(5, [session])]))).toEqual({ ...none, chosen: 1, ...expected });
  });

  test('it closed itself', () => {
    expect(totalOf(observeAll([first, sweepAt(5, [])]))).toEqual({ ...none, chosen: 1, left: 1 });
  });

  test('it is counted once however often it is chosen', () => {
    const later = [5, 10, 15].map((minutes) => sweepAt(minutes, [resting('1', 20 + minutes)]));
    expect(totalOf(observeAll([first, ...later]))).toEqual({ ...none, chosen: 1, stillSilent: 1 });
  });

  test('used and leaked again, it is counted a second time', () => {
    const again = sweepAt(30, [resting('1', 12, 'u2')]);
    expect(totalOf(observeAll([first, again]))).toEqual({ ...none, chosen: 2, usedAgain: 1, stillSilent: 1 });
  });

  test('a restart takes it along, also where the new server numbers its sessions as the old one did', () => {
    const restarted = sweepAt(5, [resting('1', 1, 'u2')], {
      server: { startedAt: '2026-01-01T00:03:00.000Z' },
    });
    const history = observeAll([first, restarted]);
    expect(totalOf(history)).toEqual({ ...none, chosen: 1, left: 1 });
    expect(history.points.map(({ isNewServer }) => isNewServer)).toEqual([false, true]);
  });

  test('a clock that jumps takes nothing along', () => {
    const jumped = sweepAt(5, [resting('1', 1, 'u2')], { server: { takenAt: '2020-01-01T00:00:00.000Z' } });
    expect(totalOf(observeAll([first, jumped]))).toEqual({ ...none, chosen: 1, usedAgain: 1 });
  });

  test('says after how long, and how long a silence broke', () => {
    const history = observeAll([first, sweepAt(60, [resting('1', 9, 'u2')])]);
    const { total } = prove(history, { sinceMs: startMs, nowMs: startMs, policy: null });
    expect(total).toMatchObject({ averageAfterMs: 51 * minute, longestSilenceMs: 71 * minute });
  });

  test('a write that is repeated counts once', () => {
    const used = sweepAt(5, [resting('1', 1, 'u2')]);
    expect(totalOf(observeAll([first, first, used, used]))).toEqual({ ...none, chosen: 1, usedAgain: 1 });
  });
});

describe('what became of a session that an enforced sweep chose', () => {
  test.each([
    ['terminated', { ended: 1 }],
    ['already gone', { left: 1 }],
    ['changed', { usedAgain: 1 }],
    ['refused', { stillSilent: 1 }],
    ['survived', { stillSilent: 1 }],
    ['skipped', { stillSilent: 1 }],
  ] as const)('%s', (result, expected) => {
    expect(totalOf(observeAll([enforcedAt(0, [resting('1', 20)], result)]))).toEqual({
      ...none,
      chosen: 1,
      ...expected,
    });
  });

  test('a dry run chose it before: unleak ended it for both', () => {
    const history = observeAll([sweepAt(0, [resting('1', 20)]), enforcedAt(5, [resting('1', 25)])]);
    expect(totalOf(history)).toEqual({ ...none, chosen: 2, ended: 2 });
  });
});

describe('what was opened again at once', () => {
  const pool = Array.from({ length: 8 }, (_each, index) => resting(String(index), 20));

  test.each([
    ['a pool', 5, 8],
    ['a leak, one each half a minute', 0.5, 2],
  ])('%s', (_what, step, expected) => {
    const reopened = pool.map((_each, index) =>
      resting(String(100 + index), 0, 'n', {
        openMs: step === 5 ? 4.9 * minute : index * step * minute + minute,
      }),
    );
    const { refills } = observeAll([enforcedAt(0, pool), sweepAt(5, reopened)]).ledger;
    expect(refills).toMatchObject([{ ended: 8, reopened: expected }]);
  });
});

test('more than can be followed are counted as such', () => {
  const many = Array.from({ length: mostFollowed + 30 }, (_each, index) => resting(String(index), 20));
  const total = totalOf(observeAll([sweepAt(0, many)]));
  expect(total).toEqual({ ...none, chosen: mostFollowed + 30, stillSilent: mostFollowed, unfollowed: 30 });
});

test('what a sweep found out is told', () => {
  const history = observeAll([sweepAt(0, [resting('1', 20), resting('2', 20)])]);
  const { settled, hasChosenAnew } = observe(history, sweepAt(5, [resting('1', 1, 'u2')]));
  expect(settled.map(({ id, fate }) => [id, fate])).toEqual([
    ['1', 'usedAgain'],
    ['2', 'left'],
  ]);
  expect(hasChosenAnew).toBe(false);
});
