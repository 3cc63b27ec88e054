import { expect, test } from 'vitest';
import {
  followEpisodes,
  hasStopped,
  toLeakSpans,
} from '../../../../functions/core/history/growth/episode.ts';
import { judgeGrowth } from '../../../../functions/core/history/growth/growth.ts';
import { hourMs } from '../../../../functions/core/history/hour.ts';
import { leak, rhythm, type Shape, together, toSignal } from './generated.ts';

const start = 10 * 24;

function judgeAt(shape: Shape, hour: number, scale = 1) {
  return judgeGrowth(toSignal(shape, hour, scale), hour * hourMs);
}

/** The first hour of some in which growth is seen. */
function firstHour(shape: Shape, from: number, until: number): number | null {
  for (let hour = from; hour < until; hour += 0.5) if (judgeAt(shape, hour)) return hour;
  return null;
}

test.each([
  { rate: 1, withinHours: 24, datedMs: 3 * hourMs },
  { rate: 3, withinHours: 8, datedMs: 1.5 * hourMs },
  { rate: 8, withinHours: 4, datedMs: hourMs },
])('a leak of $rate an hour is seen within $withinHours h, and its start is dated', (each) => {
  const shape = together(rhythm, leak(each.rate, start));
  const hour = firstHour(shape, start, start + each.withinHours);
  expect(hour).not.toBeNull();
  const growth = judgeAt(shape, hour ?? start);
  expect(Math.abs((growth?.sinceMs ?? 0) - start * hourMs)).toBeLessThanOrEqual(each.datedMs);
  expect(growth?.fullFromMs).toBeLessThan(growth?.fullAtMs ?? 0);
  expect(growth?.fullUntilMs).toBeGreaterThan(growth?.fullAtMs ?? Infinity);
});

const restart: Shape = (hour) => (hour >= start && hour < start + 0.5 ? -1_000 : 0);
const weekend: Shape = (hour) => (Math.floor(hour / 24) % 7 < 5 ? 15 : 0);

test.each<[string, Shape]>([
  ['a daily rhythm', rhythm],
  ['a pool that was resized', together(rhythm, (hour) => (hour >= start ? 25 : 0))],
  [
    'a deploy that doubles the connections for half an hour',
    together(rhythm, (hour) => (hour >= start && hour < start + 0.5 ? 25 : 0)),
  ],
  ['a restart', together(rhythm, restart)],
  ['a sawtooth', together(rhythm, (hour) => (hour % 5) * 3)],
  ['a batch of three hours', together(rhythm, (hour) => (hour >= start && hour < start + 3 ? 30 : 0))],
  ['weekends', together(rhythm, weekend)],
])('%s is no leak', (_what, shape) => {
  expect(firstHour(shape, start - 12, start + 36)).toBeNull();
});

test('with less than two days of history nothing is said', () => {
  expect(firstHour(together(rhythm, leak(8, 30)), 30, 36)).toBeNull();
  expect(judgeGrowth({ samples: [], hours: [], peaks: [], max: 100, used: 0, leaks: [] }, 0)).toBeNull();
});

test('a gap in the sweeps is no growth', () => {
  const signal = toSignal(rhythm, start);
  const samples = signal.samples.filter(
    ({ atMs }) => atMs < (start - 10) * hourMs || atMs > (start - 0.5) * hourMs,
  );
  const hours = signal.hours.filter(({ atMs }) => atMs < (start - 10) * hourMs);
  expect(judgeGrowth({ ...signal, samples, hours }, start * hourMs)).toBeNull();
});

test('counts and maximum scaled together give the same verdict', () => {
  const shape = together(rhythm, leak(3, start));
  const [one, ten] = [judgeAt(shape, start + 8), judgeAt(shape, start + 8, 10)];
  expect(one).not.toBeNull();
  expect(ten?.rate).toBeCloseTo((one?.rate ?? 0) * 10);
  expect(ten?.certainty).toBe(one?.certainty);
});

test('growth ends when the count is down again, and its hours are not what is usual', () => {
  const growth = judgeAt(together(rhythm, leak(8, start)), start + 4);
  expect(growth).not.toBeNull();
  const nowMs = (start + 4) * hourMs;
  const open = followEpisodes([], growth, 60, nowMs);
  expect(open).toMatchObject([{ grewMs: nowMs, endedMs: null }]);
  const still = followEpisodes(open, null, 62, nowMs + 3 * hourMs);
  expect(still.map((each) => hasStopped(each, nowMs + 3 * hourMs))).toEqual([true]);
  const over = followEpisodes(still, null, 20, nowMs + 4 * hourMs);
  expect(over).toMatchObject([{ endedMs: nowMs + 4 * hourMs }]);
  expect(toLeakSpans(over, nowMs + 9 * hourMs)).toEqual([
    { fromMs: growth?.sinceMs, untilMs: nowMs + 4 * hourMs },
  ]);
});
