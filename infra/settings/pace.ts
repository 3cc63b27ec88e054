import type { Recurrence } from './recurrence.ts';

/** What follows from how often a schedule fires. */
export interface Pace {
  /** How long Scheduler tries to hand an event over: half a period, so that a late event never meets the next one. */
  readonly maximumEventAgeSeconds: number;
  /** Within how many minutes of its time a sweep may start, so that a fleet does not fire at once; 0: at once. */
  readonly flexibleMinutes: number;
  /** A target without a sweep for so long is told about; null: longer than CloudWatch can watch. */
  readonly missedAfterSeconds: number | null;
}

const shortestEventAge = 60; // the least that Scheduler takes
const longestEventAge = 900;
const longestWindow = 7 * 86_400; // CloudWatch evaluates no more than seven days

/**
 * The pace of a schedule. A rate is missed after three periods. A cron may pause for a night or a weekend on purpose, so it is
 * missed after its longest pause and two of its shortest.
 */
export function toPace({ shortestSeconds, longestSeconds }: Recurrence): Pace {
  const missedAfter = longestSeconds === null ? Infinity : longestSeconds + 2 * shortestSeconds;
  return {
    maximumEventAgeSeconds: Math.min(longestEventAge, Math.max(shortestEventAge, shortestSeconds / 2)),
    flexibleMinutes: Math.min(5, Math.floor(shortestSeconds / 300)),
    missedAfterSeconds: missedAfter <= longestWindow ? missedAfter : null,
  };
}
