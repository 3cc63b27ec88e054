import { expect, test } from 'vitest';
import { measureSeries, summarize } from '../../../../bench/forecast/run-forecast.ts';
import { leak, rhythm, together } from './generated.ts';

const days = 9;

test('the benchmark finds leaks in a generated series earlier than a threshold, and nothing where none is', () => {
  const counts = Array.from({ length: days * 288 }, (_each, at) =>
    Math.round(together(rhythm, leak(0, 0))(at / 12)),
  );
  const figures = summarize([measureSeries({ name: 'generated', startMs: 0, stepMs: 300_000, counts })]);
  expect(figures).toMatchObject({ falseAlarmsAsItIs: 0, missed: 0 });
  expect(figures.leaks).toBeGreaterThan(5);
  expect(figures.medianLeadShare ?? 0).toBeGreaterThan(figures.thresholdLeadShare ?? 1);
});
