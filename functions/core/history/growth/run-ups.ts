import type { Past } from './usual.ts';
import { aboveUsual, baseOf } from './window.ts';

/** So many days before the window are looked at. */
const mostDays = 14;
/** Below so many days the largest run-up counts, from there on the second-largest. */
const daysForSecond = 6;

/** How far the signal ran up honestly in windows of this length, and on how many days that rests. */
export interface RunUps {
  readonly usual: number;
  readonly days: number;
}

/** What a window of so many hours rose by before, on the worst days before it. */
export function runUpsOf(past: Past, hours: number): RunUps {
  const perDay = Array.from({ length: mostDays }, (_each, day) => largestOf(past, hours, day)).filter(
    (value) => value !== null,
  );
  const sorted = perDay.sort((a, b) => b - a);
  return { usual: sorted[perDay.length < daysForSecond ? 0 : 1] ?? 0, days: perDay.length };
}

function largestOf(past: Past, hours: number, day: number): number | null {
  let largest: number | null = null;
  for (let hour = 0; hour < 24; hour += 1) {
    const ago = hours + day * 24 + hour;
    const above = aboveUsual(past, ago, ago + hours, true);
    const base = above === null ? null : baseOf(past, ago + hours);
    if (above === null || base === null) continue;
    largest = Math.max(largest ?? 0, above - base);
  }
  return largest;
}
