import type { Recurrence } from './recurrence.ts';

/** What follows from how often a schedule fires. */
export interface Pace {
  /** How long Scheduler tries to hand an event over: half a period, so that a late event never meets the next one. */
  readonly maximumEventAgeSeconds: number;
  /** Within how many minutes of its time a sweep may start, so that a fleet does not fire at once; 0: at once. */
  readonly flexibleMinutes: number;
  /** How old a tick may be when the function gets it; an older one belongs to another time. */
  readonly latestTickSeconds: number;
  /** A target without a sweep for so long is told about; null: longer than CloudWatch can watch. */
  readonly missedAfterSeconds: number | null;
}

const shortestEventAge = 60; // the least that Scheduler takes
const longestEventAge = 900;
const lambdaEventAge = 60; // how long Lambda keeps an event that it cannot hand over at once
const longestStart = 60; // a function that has to be started first, and clocks that differ
const longestWindow = 7 * 86_400; // CloudWatch evaluates no more than seven days

/**
 * The pace of a schedule. A rate is missed after three periods. A cron may pause for a night or a weekend on purpose, so it is
 * missed after its longest pause and two of its shortest. A tick is too late after two periods, the shortest ones of a cron, but
 * never sooner than Scheduler and Lambda may hand it over.
 */
export function toPace({ shortestSeconds, longestSeconds }: Recurrence): Pace {
  const maximumEventAgeSeconds = Math.min(longestEventAge, Math.max(shortestEventAge, shortestSeconds / 2));
  const flexibleMinutes = Math.min(5, Math.floor(shortestSeconds / 300));
  const onTheWay = flexibleMinutes * 60 + maximumEventAgeSeconds + lambdaEventAge + longestStart;
  const missedAfter = longestSeconds === null ? Infinity : longestSeconds + 2 * shortestSeconds;
  return {
    maximumEventAgeSeconds,
    flexibleMinutes,
    latestTickSeconds: Math.max(2 * shortestSeconds, onTheWay),
    missedAfterSeconds: missedAfter <= longestWindow ? missedAfter : null,
  };
}
