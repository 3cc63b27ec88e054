/** The minutes of a week, from Sunday 0:00, at which a cron expression of AWS's six fields fires. */
export interface CronMinutes {
  readonly minutes: readonly number[];
  /** Whether it fires so in every week: an expression of days of the month, months or years does not. */
  readonly everyWeek: boolean;
}

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const anyDay = [0, 1, 2, 3, 4, 5, 6];

/** Reads `minutes hours day-of-month month day-of-week year`. */
export function minutesOfWeek(fields: string): CronMinutes {
  const [minute = '*', hour = '*', dayOfMonth = '*', month = '*', dayOfWeek = '*', year = '*'] =
    fields.split(' ');
  const days = toNumbers(named(dayOfWeek), 1, 7)?.map((day) => day - 1);
  const everyWeek = days !== undefined && [dayOfMonth, month, year].every((field) => /^[*?]$/.test(field));
  const hours = toNumbers(hour, 0, 23) ?? [];
  const minutes = toNumbers(minute, 0, 59) ?? [];
  return { minutes: combine(everyWeek ? days : anyDay, hours, minutes), everyWeek };
}

function combine(days: readonly number[], hours: readonly number[], minutes: readonly number[]): number[] {
  return days
    .flatMap((day) => hours.flatMap((hour) => minutes.map((minute) => (day * 24 + hour) * 60 + minute)))
    .sort((a, b) => a - b);
}

function named(field: string): string {
  return field.replace(/[A-Z]{3}/g, (name) => `${dayNames.indexOf(name) + 1}`);
}

/** The numbers a field stands for; undefined for `L`, `W` and `#`, which depend on the month. */
function toNumbers(field: string, first: number, last: number): number[] | undefined {
  if (/[LW#]/.test(field)) return undefined;
  const numbers = field.split(',').flatMap((part) => expand(part, first, last));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function expand(part: string, first: number, last: number): number[] {
  const [range = '*', step] = part.split('/');
  const [from, to] = toRange(range, step === undefined, first, last);
  const stride = Math.max(1, Number(step ?? 1));
  const numbers: number[] = [];
  for (let number = from; number <= to; number += stride) numbers.push(number);
  return numbers;
}

function toRange(range: string, alone: boolean, first: number, last: number): [from: number, to: number] {
  if (range === '*' || range === '?') return [first, last];
  const [from, to] = range.split('-').map(Number);
  return [from ?? first, to ?? (alone ? (from ?? first) : last)];
}
