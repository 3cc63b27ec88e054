import { expect, it } from 'vitest';
import { formatDuration } from '../../functions/core/text/format-duration.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

it.each([
  [-1, '0ms'],
  [0, '0ms'],
  [0.9, '0ms'],
  [999, '999ms'],
  [999.9, '999ms'],
  [second, '1s'],
  [minute - 1, '59s'],
  [minute, '1m'],
  [minute + 1, '1m'],
  [90 * second, '1m 30s'],
  [hour - 1, '59m 59s'],
  [hour, '1h'],
  [hour + second, '1h'],
  [3 * hour + 5 * minute + 59 * second, '3h 5m'],
  [day - 1, '23h 59m'],
  [day, '1d'],
  [day + minute, '1d'],
  [12 * day + 3 * hour, '12d 3h'],
  [3_650 * day, '3650d'],
])('%s ms is told as %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
