import { expect, test } from 'vitest';
import { observe } from '../../../functions/core/history/history.ts';
import { resting, observeAll, startMs, minute, sweepAt } from './sweeps.ts';

test('a point says how full the server was and who rests there', () => {
  const sessions = [
    ...['1', '2', '3'].map((id) => resting(id, 31, 'u', { application: 'celery-17' })),
    resting('4', 30, 'u', { application: 'celery-18' }),
    resting('5', 31, 'u', { state: 'active' }),
    resting('6', 31, 'u', { kind: 'background', user: null }),
  ];
  const { points } = observeAll([sweepAt(0, sessions)]);
  expect(points).toEqual([
    {
      ...{ atMs: startMs, sweep: 'sweep-0', used: 6, max: 97, ended: 0, wouldEnd: 4, isNewServer: false },
      states: { idle: 4, active: 1 },
      programs: [
        { user: 'app', application: 'celery-#', total: 4, idle: 3 },
        { user: 'app', application: 'web', total: 1, idle: 0 },
      ],
    },
  ]);
});

test('points of two days are kept, those of late writers in their place', () => {
  const history = observeAll([0, 5, 2_879, 2_880, 2_882, 2_881].map((minutes) => sweepAt(minutes, [])));
  expect(history.points.map(({ atMs }) => (atMs - startMs) / minute)).toEqual([
    5, 2_879, 2_880, 2_881, 2_882,
  ]);
});

test('whoever sweeps each minute keeps one point in five minutes after six hours', () => {
  const history = observeAll(Array.from({ length: 600 }, (_each, minutes) => sweepAt(minutes, [])));
  const older = history.points.filter(({ atMs }) => atMs < startMs + 239 * minute);
  expect(older).toHaveLength(48);
  expect(history.points).toHaveLength(48 + 361);
});

test('an hour that is over is kept as minimum, median and maximum', () => {
  const idle = (count: number) => Array.from({ length: count }, (_each, index) => resting(String(index), 40));
  const { hours } = observeAll([4, 2, 9, 3].map((count, index) => sweepAt(index * 25, idle(count))));
  expect(hours).toEqual([
    {
      ...{ atMs: startMs, sweeps: 3, slots: 97, ended: 0 },
      used: { min: 2, median: 4, max: 9 },
      programs: [{ user: 'app', application: 'web', idle: { min: 2, median: 4, max: 9 } }],
    },
  ]);
});

test('hours of five weeks are kept', () => {
  const history = observeAll(Array.from({ length: 36 * 24 }, (_each, hour) => sweepAt(hour * 60, [])));
  expect(history.hours).toHaveLength(35 * 24);
});

test('what later sweeps add changes no point of before', () => {
  const before = observeAll([0, 5, 10].map((minutes) => sweepAt(minutes, [resting('1', minutes)])));
  const after = observe(before, sweepAt(15, [])).history;
  expect(after.points.slice(0, 3)).toEqual(before.points);
});
