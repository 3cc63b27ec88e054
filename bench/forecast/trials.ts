import { hourMs } from '../../functions/core/history/hour.ts';
import { type Series, slots } from './series.ts';

/** Slots an hour. */
export const rates = [1, 3, 8] as const;
/** A leak is put in after so many hours, and fills the server within these. */
const firstHours = 72;
const fills = { fromHours: 6, untilHours: 96 };
/** In all of a series, so many hours between two places; longer series have more leaks, though not in proportion. */
const placesOf = (hours: number) => Math.max(29, Math.round(hours / 36));

/** A leak that was put into a series. Places are indices of its counts. */
export interface LeakTrial {
  readonly rate: number;
  readonly counts: readonly number[];
  readonly startAt: number;
  readonly fullAt: number;
  readonly stepMs: number;
}

/** Leaks at many places of a series, which fill the server within 6 to 96 hours. */
export function leaksOf(series: Series): readonly LeakTrial[] {
  const hours = (series.counts.length * series.stepMs) / hourMs;
  const places = Array.from({ length: Math.ceil((hours - firstHours) / placesOf(hours)) }, (_each, at) =>
    toIndex(series, firstHours + at * placesOf(hours)),
  );
  return rates.flatMap((rate) => places.flatMap((startAt) => toLeak(series, startAt, rate) ?? []));
}

/** A leak that begins at a place; null where it does not fill the server in time. */
export function toLeak(series: Series, startAt: number, rate: number): LeakTrial | null {
  const { counts: before, stepMs } = series;
  const counts = before.map((count, at) =>
    at < startAt ? count : Math.min(slots, count + Math.floor((rate * (at - startAt) * stepMs) / hourMs)),
  );
  const fullAt = counts.findIndex((count, at) => at >= startAt && count >= slots);
  const hours = ((fullAt - startAt) * stepMs) / hourMs;
  if (fullAt === -1 || hours < fills.fromHours || hours > fills.untilHours) return null;
  return { rate, counts, startAt, fullAt, stepMs };
}

/** The same leak again a week after one that ended with a restart when the server was nearly full; null where there is no room. */
export function toSecondLeak(series: Series, { rate, startAt, counts, fullAt }: LeakTrial): LeakTrial | null {
  const week = toIndex(series, 7 * 24);
  const second = toLeak(series, startAt + week, rate);
  if (second === null || fullAt >= startAt + week) return null;
  return {
    ...second,
    counts: second.counts.map((count, at) => (at < fullAt ? (counts[at] ?? count) : count)),
  };
}

/** A series into which honest changes were put: every four days a deploy, a pool resize up and down, a batch job, a restart. */
export function toChanged(series: Series): Series {
  const day = toIndex(series, 24);
  const counts = series.counts.map((count, at) => Math.min(slots - 1, changeAt(count, at / day)));
  return { ...series, counts };
}

/** Days 4 to 5 of eight have a larger pool, day 6 a batch of three hours, day 7 a restart that fills up again in half an hour. */
function changeAt(count: number, day: number): number {
  const [round, of] = [Math.floor(day / 8), day % 8];
  const size = [12, 20, 30][round % 3] ?? 12;
  if (of >= 4.1 + (round % 5) * 0.17 && of < 5.7) return count + size;
  if (of >= 6.3 && of < 6.425) return count + 25;
  if (of >= 7.4 && of < 7.42) return Math.round((count * (of - 7.4)) / 0.02);
  return count;
}

function toIndex({ stepMs }: Series, hours: number): number {
  return Math.round((hours * hourMs) / stepMs);
}
