import { describe, expect, test } from 'vitest';
import { judgeProof, quietFor } from '../../../functions/core/history/judge-proof.ts';
import { prove } from '../../../functions/core/history/proof.ts';
import { wilson } from '../../../functions/core/history/wilson.ts';
import type { History } from '../../../functions/core/history/history.ts';
import { minute, observeAll, resting, startMs, sweepAt } from './sweeps.ts';

const hour = 60;
const week = 7 * 24 * hour;

function judge(history: History, days = 7) {
  const nowMs = startMs + days * 24 * hour * minute;
  return judgeProof(prove(history, { sinceMs: nowMs - 7 * 24 * hour * minute, nowMs, policy: null }));
}

/** Hourly sweeps of a week, each of which sees `perHour` new leaks. */
function leaking(perHour: number, hours = week / hour) {
  return Array.from({ length: hours + 1 }, (_each, at) =>
    sweepAt(
      at * hour,
      Array.from({ length: perHour }, (_leak, index) => resting(String(at * 10 + index), 20)),
    ),
  );
}

describe('the verdict', () => {
  test('a week without one that was used again is ready', () => {
    const { verdict, says } = judge(observeAll(leaking(2)));
    expect(verdict).toBe('ready');
    expect(says).toContain(
      'Ready to enforce: 338 sessions would have been ended in 7d, and none was used again',
    );
  });

  test('one that was used again is a no, and says who and which `for` would do', () => {
    const last = resting('1680', 5, 'u2', { application: 'shop-report' });
    const sweeps = [...leaking(2), sweepAt(week + 10, [last])];
    const first = sweepAt(week - 5, [resting('1680', 20, 'u1', { application: 'shop-report' })]);
    const { verdict, says } = judge(observeAll([...sweeps.slice(0, -1), first, ...sweeps.slice(-1)]));
    expect(verdict).toBe('no');
    expect(says).toMatch(
      /^No: 1 of \d+ sessions was used again, of .*on average\. With `for: \d+m` none would have been\.$/,
    );
  });

  test('a day is not enough', () => {
    expect(judge(observeAll(leaking(9, 24)), 1)).toMatchObject({
      verdict: 'not-yet',
      says: 'Not yet: it was watched for 1d, and a whole week is needed.',
    });
  });

  test('a few sessions are not enough', () => {
    const few = [...leaking(0), sweepAt(week - 3, [resting('1', 20)])];
    expect(judge(observeAll(few)).says).toBe(
      'Not yet: 1 session could be followed, and 73 are needed to tell a rate below 5%.',
    );
  });

  test('hours without a sweep are not watched', () => {
    const gaps = leaking(2).filter((_each, index) => index < 20 || index > 60);
    expect(judge(observeAll(gaps)).says).toMatch(/^Not yet: 41 of 168 hours had no sweep\.$/);
  });
});

test('another policy is another proof', () => {
  const history = observeAll([
    sweepAt(0, [resting('1', 20)]),
    sweepAt(5, [resting('2', 20)], { policy: 'p2' }),
  ]);
  const chosenBy = (policy: string | null) =>
    prove(history, { sinceMs: startMs, nowMs: startMs + minute, policy }).total.chosen;
  expect([chosenBy('p1'), chosenBy('p2'), chosenBy(null)]).toEqual([1, 1 + 0, 2]);
});

test.each([
  [0, 0, 0, 1],
  [0, 73, 0, 0.05],
  [3, 312, 0.0033, 0.0279],
  [10, 10, 0.7225, 1],
])('Wilson: %i of %i', (hits, tries, low, high) => {
  expect(wilson(hits, tries).low).toBeCloseTo(low, 3);
  expect(wilson(hits, tries).high).toBeCloseTo(high, 3);
});

test.each([
  [0, '1m'],
  [59_999, '1m'],
  [60_000, '2m'],
  [44.5 * 60_000, '45m'],
])('a silence of %i ms asks for %s', (silence, expected) => {
  expect(quietFor(silence)).toBe(expected);
});
