import { median, quantile } from '../../functions/core/history/growth/robust.ts';
import { hourMs } from '../../functions/core/history/hour.ts';
import type { Series } from './series.ts';
import type { LeakTrial } from './trials.ts';
import { Watch } from './watch.ts';
import type { Watcher } from './watchers.ts';

/** Alarms that are no further apart are one. */
const sameAlarmMs = 6 * hourMs;

/** What became of a leak. */
export interface Caught {
  readonly rate: number;
  /** Whether there was no alarm before the server was full. */
  readonly isMissed: boolean;
  /** From the alarm to the full server, as a part of the whole time; 0 where it was missed. */
  readonly leadShare: number;
  readonly datingErrorMinutes: number | null;
  /** Whether the server was full within the range that the alarm named. */
  readonly isInRange: boolean | null;
}

/** How many days a series has. */
export function daysOf({ counts, stepMs }: Series): number {
  return (counts.length * stepMs) / (24 * hourMs);
}

/** How often an alarm began in a series in which nothing leaks. */
export function countAlarms(series: Series, watcher: Watcher): number {
  const watch = new Watch(series.counts, series.startMs, series.stepMs);
  let [alarms, lastMs] = [0, -Infinity];
  for (let at = 0; at < series.counts.length; at += 1) {
    const nowMs = series.startMs + at * series.stepMs;
    if (Number.isNaN(series.counts[at]) || !watcher(watch, nowMs)) continue;
    if (nowMs - lastMs > sameAlarmMs) alarms += 1;
    lastMs = nowMs;
  }
  return alarms;
}

/** Sweeps from `fromAt` until the first alarm about a leak. */
export function catchLeak(
  series: Series,
  trial: LeakTrial,
  watcher: Watcher,
  fromAt = trial.startAt,
): Caught {
  const { rate, counts, startAt, fullAt, stepMs } = trial;
  const watch = new Watch(counts, series.startMs, stepMs);
  const toMs = (at: number) => series.startMs + at * stepMs;
  for (let at = fromAt; at < fullAt; at += 1) {
    const alarm = watcher(watch, toMs(at));
    if (!alarm || at < startAt) continue;
    const { sinceMs, fullFromMs, fullUntilMs } = alarm;
    return {
      ...{ rate, isMissed: false, leadShare: (fullAt - at) / (fullAt - startAt) },
      datingErrorMinutes: sinceMs === undefined ? null : Math.abs(sinceMs - toMs(startAt)) / 60_000,
      isInRange:
        fullFromMs === undefined || fullUntilMs === undefined
          ? null
          : toMs(fullAt) >= fullFromMs && toMs(fullAt) <= fullUntilMs,
    };
  }
  return { rate, isMissed: true, leadShare: 0, datingErrorMinutes: null, isInRange: null };
}

/** The figures of some leaks. */
export function summarizeLeaks(caught: readonly Caught[]) {
  const errors = caught.flatMap(({ datingErrorMinutes }) => datingErrorMinutes ?? []);
  const ranges = caught.flatMap(({ isInRange }) => isInRange ?? []);
  return {
    leaks: caught.length,
    missed: caught.filter(({ isMissed }) => isMissed).length,
    medianLeadShare: round(median(caught.map(({ leadShare }) => leadShare))),
    medianDatingErrorMinutes: round(median(errors)),
    datingErrorMinutes90: round(quantile(errors, 0.9)),
    fullInRangeShare: round(ranges.filter(Boolean).length / ranges.length),
  };
}

/** Two digits are enough; null where there is no figure. */
export function round(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1_000) / 1_000 : null;
}
