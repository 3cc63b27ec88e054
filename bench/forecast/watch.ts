import { type Growth, judgeGrowth } from '../../functions/core/history/growth/growth.ts';
import type { HourFloor, LeakSpan, Sample } from '../../functions/core/history/growth/signal.ts';
import { hourMs } from '../../functions/core/history/hour.ts';
import { pointsForMs } from '../../functions/core/history/point.ts';
import { slots } from './series.ts';

/** A server's counts as a sweep would find them, every few minutes. */
export class Watch {
  readonly #samples: readonly Sample[];
  readonly #hours: readonly HourFloor[];

  constructor(counts: readonly number[], startMs: number, stepMs: number) {
    this.#samples = counts.flatMap((count, at) =>
      Number.isNaN(count) ? [] : [{ atMs: startMs + at * stepMs, count }],
    );
    this.#hours = toHourFloors(this.#samples);
  }

  /** What is known by an instant: no more than a history keeps. */
  judge(nowMs: number, leaks: readonly LeakSpan[] = []): Growth | null {
    const until = firstAfter(this.#samples, nowMs);
    const from = firstAfter(this.#samples, nowMs - pointsForMs - 1);
    const hours = this.#hours.slice(
      firstAfter(this.#hours, nowMs - 35 * 24 * hourMs),
      firstAfter(this.#hours, nowMs - hourMs),
    );
    const samples = this.#samples.slice(from, until);
    const used = samples.at(-1)?.count ?? 0;
    return judgeGrowth({ samples, hours, max: slots, used, leaks }, nowMs);
  }
}

function firstAfter(some: readonly { readonly atMs: number }[], atMs: number): number {
  let low = 0;
  let high = some.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((some[middle]?.atMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toHourFloors(samples: readonly Sample[]): readonly HourFloor[] {
  const hours = new Map<number, number>();
  for (const { atMs, count } of samples) {
    const hour = Math.floor(atMs / hourMs) * hourMs;
    hours.set(hour, Math.min(hours.get(hour) ?? Infinity, count));
  }
  return [...hours].map(([atMs, least]) => ({ atMs, least }));
}
