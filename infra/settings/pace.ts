import { sweepMs } from '../../functions/contract/sweep-time.ts';
import type { Recurrence } from './recurrence.ts';

/** What follows from how often a schedule fires. */
export interface Pace {
  /** How long Scheduler tries to hand an event over: half a period, so that a late event never meets the next one. */
  readonly maximumEventAgeSeconds: number;
  /** Within how many minutes of its time a sweep may start, so that a fleet does not fire at once; 0: at once. */
  readonly flexibleMinutes: number;
  /** How old a tick may be when the function gets it; an older one belongs to another time. */
  readonly latestTickSeconds: number;
  /** How long after its time a sweep usually has ended; the watch counts it as missing then. */
  readonly graceSeconds: number;
}

const shortestEventAge = 60; // the least that Scheduler takes
const longestEventAge = 900;
const lambdaEventAge = 60; // how long Lambda keeps an event that it cannot hand over at once
const longestStart = 60; // a function that has to be started first, and clocks that differ

/**
 * The pace of a schedule. A tick is too late after two periods, the shortest ones of a cron, but
 * never sooner than Scheduler and Lambda may hand it over.
 */
export function toPace({ shortestSeconds }: Recurrence): Pace {
  const maximumEventAgeSeconds = Math.min(longestEventAge, Math.max(shortestEventAge, shortestSeconds / 2));
  const flexibleMinutes = Math.min(5, Math.floor(shortestSeconds / 300));
  const onTheWay = flexibleMinutes * 60 + maximumEventAgeSeconds + lambdaEventAge + longestStart;
  return {
    maximumEventAgeSeconds,
    flexibleMinutes,
    latestTickSeconds: Math.max(2 * shortestSeconds, onTheWay),
    graceSeconds: flexibleMinutes * 60 + longestStart + sweepMs / 1_000,
  };
}
