import { hourMs } from '../hour.ts';
import { type Floor, toFloor } from './floor.ts';
import { median } from './robust.ts';
import { isLeaking, type Signal } from './signal.ts';

/** A signal by the hour, counted back from now, with what was usual then: everything is computed once, when it is asked for. */
export interface Past {
  readonly nowMs: number;
  readonly floor: Floor;
  /** The floor so many hours ago, whatever happened then. */
  readonly floorAgo: (hours: number) => number | null;
  /** Null also in the hours of known leaks. */
  readonly honestAgo: (hours: number) => number | null;
  /** What was usual so many hours ago, known so many hours ago. */
  readonly usualAgo: (hours: number, knownHoursAgo: number) => number | null;
  /** How far back anything is known, in hours. */
  readonly reachHours: number;
}

/** What is usual at an hour of which so many whole days, at least, are not known yet. */
type Reference = (honestAgo: (hours: number) => number | null, ago: number, days: number) => number | null;

/** The past of a signal, with what its days and its weeks say. */
export function toPast(signal: Signal, nowMs: number, reference: Reference = ofDaysAndWeeks): Past {
  const floor = toFloor(signal);
  const floorAgo = remember((hours) => floor(nowMs - hours * hourMs));
  const honestAgo = remember((hours) =>
    isLeaking(signal.leaks, nowMs - hours * hourMs) ? null : floorAgo(hours),
  );
  const firstMs = Math.min(signal.hours[0]?.atMs ?? Infinity, signal.samples[0]?.atMs ?? Infinity);
  const byDays = new Map<number, (hours: number) => number | null>();
  const usualAgo = (hours: number, knownHoursAgo: number) => {
    const days = Math.max(1, Math.ceil((knownHoursAgo - hours) / 24 - 1e-9));
    let usual = byDays.get(days);
    if (!usual) byDays.set(days, (usual = remember((ago) => reference(honestAgo, ago, days))));
    return between(usual, hours);
  };
  return { nowMs, floor, floorAgo, honestAgo, usualAgo, reachHours: (nowMs - firstMs) / hourMs };
}

/** The larger of the median at this hour of the last seven days and that at this hour of the week of the last four weeks. */
const ofDaysAndWeeks: Reference = (honestAgo, ago, days) => {
  const daily = ofDays(honestAgo, ago, days);
  const weekly = known([1, 2, 3, 4].map((week) => honestAgo(ago + week * 168)));
  if (weekly.length === 0) return daily;
  return Math.max(daily ?? 0, median(weekly));
};

/** The median at this hour of the last seven days alone: one odd week does not bend it. */
export const ofDays: Reference = (honestAgo, ago, days) => {
  const daily = known(Array.from({ length: 7 }, (_each, day) => honestAgo(ago + (days + day) * 24)));
  return daily.length === 0 ? null : median(daily);
};

function between(usual: (hours: number) => number | null, hours: number): number | null {
  const low = usual(Math.floor(hours));
  const high = usual(Math.ceil(hours));
  if (low === null || high === null) return low ?? high;
  return low + (high - low) * (hours - Math.floor(hours));
}

function known(values: readonly (number | null)[]): readonly number[] {
  return values.filter((value) => value !== null);
}

function remember(compute: (hours: number) => number | null): (hours: number) => number | null {
  const answers = new Map<number, number | null>();
  return (hours) => {
    const answer = answers.get(hours);
    if (answer !== undefined) return answer;
    const fresh = compute(hours);
    answers.set(hours, fresh);
    return fresh;
  };
}
