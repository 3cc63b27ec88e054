import type { Cron } from '../../functions/contract/schedule/cron.ts';

/** The minutes of a week, from Sunday 0:00, at which a cron fires. */
export interface CronMinutes {
  readonly minutes: readonly number[];
  /** Whether it fires so in every week: an expression of days of the month, months or years does not. */
  readonly everyWeek: boolean;
}

const anyDay = [0, 1, 2, 3, 4, 5, 6];

/** When a cron fires in a week; the times of day of one that does not fire in every week. */
export function minutesOfWeek({ days, hours, minutes, months, years }: Cron): CronMinutes {
  const weekdays = days.kind === 'weekdays' ? days.weekdays : days.kind === 'every' ? anyDay : null;
  const everyWeek = weekdays !== null && months === null && years === null;
  return { minutes: combine(everyWeek ? weekdays : anyDay, hours, minutes), everyWeek };
}

function combine(days: readonly number[], hours: readonly number[], minutes: readonly number[]): number[] {
  return days
    .flatMap((day) => hours.flatMap((hour) => minutes.map((minute) => (day * 24 + hour) * 60 + minute)))
    .sort((a, b) => a - b);
}
