import type { Signal } from '../../../../functions/core/history/growth/signal.ts';
import { hourMs, hoursForMs } from '../../../../functions/core/history/hour.ts';
import { pointsForMs } from '../../../../functions/core/history/point.ts';

const stepMs = 300_000;

/** A count by the hours since the beginning. */
export type Shape = (hour: number) => number;

/** Twenty connections that follow the day, with noise that is the same in every run. */
export const rhythm: Shape = (hour) =>
  20 + 10 * Math.sin((hour / 24) * 2 * Math.PI) + 2 * Math.sin(hour * 12.9898) * Math.sin(hour * 78.233);

/** So many more an hour from an hour on. */
export function leak(rate: number, fromHour: number): Shape {
  return (hour) => Math.max(0, Math.floor(rate * (hour - fromHour)));
}

/** Shapes on top of each other. */
export function together(...shapes: readonly Shape[]): Shape {
  return (hour) => shapes.reduce((sum, shape) => sum + shape(hour), 0);
}

/** What a history would hold after so many hours with a sweep every five minutes; `scale` makes everything larger. */
export function toSignal(shape: Shape, atHour: number, scale = 1): Signal {
  const nowMs = atHour * hourMs;
  const samples = [];
  const hours = new Map<number, { atMs: number; least: number; most: number }>();
  for (let atMs = Math.max(0, nowMs - hoursForMs); atMs <= nowMs; atMs += stepMs) {
    const count = Math.max(0, Math.min(100, Math.round(shape(atMs / hourMs)))) * scale;
    if (nowMs - atMs <= pointsForMs) samples.push({ atMs, count });
    const start = Math.floor(atMs / hourMs) * hourMs;
    const { least, most } = hours.get(start) ?? { least: count, most: count };
    if (start + hourMs <= nowMs)
      hours.set(start, { atMs: start, least: Math.min(least, count), most: Math.max(most, count) });
  }
  const past = [...hours.values()];
  return {
    ...{ samples, hours: past, peaks: past, leaks: [] },
    ...{ max: 100 * scale, used: samples.at(-1)?.count ?? 0 },
  };
}
