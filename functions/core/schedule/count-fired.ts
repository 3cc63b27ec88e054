import type { Cron } from '../../contract/schedule/cron.ts';
import type { Schedule } from '../../contract/schedule/read-schedule.ts';
import { firesOn } from './fires-on.ts';
import { clocksOf, type Day, dayBefore, toDay, toInstant } from './local-time.ts';

/** How far back a cron's times are looked for: one that fires on 29 February only. */
const mostDays = 9 * 366;

/** How often a schedule fired after one instant and up to another, in epoch milliseconds; no more than `most` are counted. */
export function countFired(
  schedule: Schedule,
  timezone: string,
  after: number,
  until: number,
  most: number,
): number {
  if (until <= after) return 0;
  if (schedule.kind === 'rate')
    return Math.min(most, Math.floor((until - after) / (schedule.seconds * 1_000)));
  return countCron(schedule.cron, timezone, after, until, most);
}

function countCron(cron: Cron, timezone: string, after: number, until: number, most: number): number {
  const offsetAt = clocksOf(timezone);
  const firstDay = toDay(after, offsetAt);
  let count = 0;
  let day = toDay(until, offsetAt);
  for (let back = 0; back < mostDays && count < most && !isBefore(day, firstDay); back += 1) {
    if (firesOn(cron, day))
      count += cron.hours
        .flatMap((hour) => cron.minutes.map((minute) => toInstant(day, hour, minute, offsetAt)))
        .filter((instant) => instant > after && instant <= until).length;
    day = dayBefore(day);
  }
  return Math.min(count, most);
}

function isBefore(a: Day, b: Day): boolean {
  return a.year * 400 + a.month * 32 + a.date < b.year * 400 + b.month * 32 + b.date;
}
