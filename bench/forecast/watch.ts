import type {
  HourFloor,
  LeakSpan,
  Peak,
  Sample,
  Signal,
} from '../../functions/core/history/growth/signal.ts';
import { hourMs, hoursForMs } from '../../functions/core/history/hour.ts';
import { pointsForMs } from '../../functions/core/history/point.ts';
import { slots } from './series.ts';

/** A server's counts as a sweep would find them, every few minutes. */
export class Watch {
  readonly #samples: readonly Sample[];
  readonly #hours: readonly (HourFloor & Peak)[];

  constructor(counts: readonly number[], startMs: number, stepMs: number) {
    this.#samples = counts.flatMap((count, at) =>
      Number.isNaN(count) ? [] : [{ atMs: startMs + at * stepMs, count }],
    );
    this.#hours = toHours(this.#samples);
  }

  /** What is known by an instant: no more than a history keeps. */
  at(nowMs: number, leaks: readonly LeakSpan[] = []): Signal {
    const samples = between(this.#samples, nowMs - pointsForMs, nowMs);
    const hours = between(this.#hours, nowMs - hoursForMs, nowMs - hourMs);
    return { samples, hours, peaks: hours, max: slots, used: samples.at(-1)?.count ?? 0, leaks };
  }
}

function between<T extends { readonly atMs: number }>(some: readonly T[], fromMs: number, untilMs: number) {
  return some.slice(firstAfter(some, fromMs - 1), firstAfter(some, untilMs));
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

function toHours(samples: readonly Sample[]): readonly (HourFloor & Peak)[] {
  const hours = new Map<number, HourFloor & Peak>();
  for (const { atMs: at, count } of samples) {
    const atMs = Math.floor(at / hourMs) * hourMs;
    const { least, most } = hours.get(atMs) ?? { least: count, most: count };
    hours.set(atMs, { atMs, least: Math.min(least, count), most: Math.max(most, count) });
  }
  return [...hours.values()];
}
