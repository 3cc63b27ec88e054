import type { Cron } from '../../functions/contract/schedule/cron.ts';
import { readSchedule } from '../../functions/contract/schedule/read-schedule.ts';
import { minutesOfWeek } from './cron-minutes.ts';

/** How often a schedule fires: its shortest pause. */
export interface Recurrence {
  readonly shortestSeconds: number;
  /** How often in a month of 730 hours, as the price of an installation counts it. */
  readonly perMonth: number;
}

const weekMinutes = 7 * 24 * 60;
const monthSeconds = 730 * 3_600;

/** How often a `rate(…)` or `cron(…)` expression fires; a change to summer time is not counted. */
export function toRecurrence(expression: string): Recurrence {
  const read = readSchedule(expression);
  if (!read.ok) throw new Error(`no schedule: ${expression}: the configuration was not checked`);
  const { schedule } = read;
  if (schedule.kind === 'cron') return cronRecurrence(schedule.cron);
  return { shortestSeconds: schedule.seconds, perMonth: monthSeconds / schedule.seconds };
}

function cronRecurrence(cron: Cron): Recurrence {
  const { minutes, everyWeek } = minutesOfWeek(cron);
  const pauses = minutes.map((minute, index) => {
    const next = minutes[index + 1] ?? (minutes[0] ?? 0) + weekMinutes;
    return (next - minute) * 60;
  });
  // Days of the month are counted as if each had its turn: a price that is too high rather than too low.
  const perWeek = everyWeek ? minutes.length : Math.min(minutes.length, weekMinutes);
  return {
    shortestSeconds: Math.min(...pauses, weekMinutes * 60),
    perMonth: (perWeek * monthSeconds) / (weekMinutes * 60),
  };
}
