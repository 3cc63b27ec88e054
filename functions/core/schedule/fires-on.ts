import type { Cron, CronDays } from '../../contract/schedule/cron.ts';
import { type Day, monthOf } from './local-time.ts';

/** Whether a cron fires on a day. */
export function firesOn({ days, months, years }: Cron, day: Day): boolean {
  if (months !== null && !months.includes(day.month)) return false;
  if (years !== null && !years.includes(day.year)) return false;
  return isOneOf(days, day);
}

function isOneOf(days: CronDays, day: Day): boolean {
  const { days: last } = monthOf(day);
  switch (days.kind) {
    case 'every':
      return true;
    case 'dates':
      return days.dates.includes(day.date);
    case 'last-date':
      return day.date === last;
    case 'last-working-day':
      return day.date === workingDayNear(day, last);
    case 'working-day-near':
      return days.date <= last && day.date === workingDayNear(day, days.date);
    case 'weekdays':
      return days.weekdays.includes(day.weekday);
    case 'nth-weekday':
      return day.weekday === days.weekday && Math.ceil(day.date / 7) === days.nth;
    case 'last-weekday':
      return day.weekday === days.weekday && day.date + 7 > last;
  }
}

/** The working day nearest to a date, within the month. */
function workingDayNear(day: Day, date: number): number {
  const { days, firstWeekday } = monthOf(day);
  const weekday = (firstWeekday + date - 1) % 7;
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === days ? date - 2 : date + 1;
  return date;
}
