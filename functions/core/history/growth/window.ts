import { lineError, median, quantile, stepError, theilSen } from './robust.ts';
import type { Past } from './usual.ts';

/** The windows that end now, in hours. */
export const windowHours = [3, 4, 6, 8, 12, 18, 24, 36, 48, 72] as const;

/** So many points stand for a window. */
const pointsOfWindow = 12;
const leastPoints = 9;
/** The base is what came up in the day before the window, but for its highest part. */
const baseShare = 0.85;
const baseHours = 24;
const leastBaseHours = 8;

/** A window in which something grew, by the cheap tests. */
export interface Trend {
  readonly hours: number;
  /** Slots an hour. */
  readonly rate: number;
  /** Above what is usual, at the end of the window. */
  readonly rise: number;
  /** What was above the usual before it, at least 0. */
  readonly base: number;
  /** The lower of the last two points. */
  readonly held: number;
  /** How far off a line is, as a part of how far off one step is: below 1, a line fits better. */
  readonly fit: number;
  /** How much it grew from the first to the second third of the window, and from the second to the last. */
  readonly steps: readonly [number, number];
}

/** What grew in a window above what was usual before it; null where too little is known. */
export function toTrend(past: Past, hours: number): Trend | null {
  const base = baseOf(past, hours);
  const points = base === null ? [] : pointsOf(past, hours);
  if (
    base === null ||
    points.length < leastPoints ||
    (points.at(-1)?.ago ?? Infinity) > hours / pointsOfWindow
  )
    return null;
  const xs = points.map(({ ago }) => -ago);
  const ys = points.map(({ above }) => above - base);
  const line = theilSen(xs, ys);
  const third = Math.floor(ys.length / 3);
  const [first, second, last] = [ys.slice(0, third), ys.slice(third, -third), ys.slice(-third)].map(median);
  return {
    hours,
    rate: line.slope,
    rise: line.intercept,
    base,
    held: Math.min(...ys.slice(-2)),
    fit: lineError(xs, ys, line) / Math.max(stepError(ys), 1e-9),
    steps: [(second ?? 0) - (first ?? 0), (last ?? 0) - (second ?? 0)],
  };
}

/** How much above the usual a floor was so many hours ago, by what was known so many hours ago. */
export function aboveUsual(past: Past, ago: number, knownAgo: number, isHonest = false): number | null {
  const floor = isHonest ? past.honestAgo(ago) : past.floorAgo(ago);
  const usual = floor === null ? null : past.usualAgo(ago, knownAgo);
  return floor === null || usual === null ? null : floor - usual;
}

/** What was above the usual in the day before a window. The 0 keeps recovery from a dip from counting as growth. */
export function baseOf(past: Past, hours: number): number | null {
  const above: number[] = [];
  for (let ago = hours; ago < hours + baseHours * 3 && above.length < baseHours; ago += 1) {
    const value = aboveUsual(past, ago, hours, true);
    if (value !== null) above.push(value);
  }
  return above.length < leastBaseHours ? null : Math.max(0, quantile(above, baseShare));
}

interface WindowPoint {
  readonly ago: number;
  readonly above: number;
}

/** Twelve points; above twelve hours each is the median of its hours. */
function pointsOf(past: Past, hours: number): readonly WindowPoint[] {
  const step = hours / pointsOfWindow;
  return Array.from({ length: pointsOfWindow }, (_each, at) => (pointsOfWindow - 1 - at) * step).flatMap(
    (ago) => {
      const span = Math.max(1, Math.floor(step));
      const some = Array.from({ length: span }, (_each, at) => aboveUsual(past, ago + at, hours));
      const known = some.filter((value) => value !== null);
      return known.length === 0 ? [] : [{ ago: ago + (span - 1) / 2, above: median(known) }];
    },
  );
}
