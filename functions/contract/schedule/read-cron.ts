import type { Cron, CronDays } from './cron.ts';
import { expectedOf, type FieldShape, readField, type ReadField, toValue } from './cron-field.ts';

/** A wrong field of a cron expression, with its column in the whole text, from 1. */
export interface CronMistake {
  readonly column: number;
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** A cron expression, or everything that is wrong with it. */
export type ReadCron =
  | { readonly ok: true; readonly cron: Cron }
  | { readonly ok: false; readonly mistakes: readonly CronMistake[] };

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const shapes = [
  { name: 'minutes', first: 0, last: 59, names: [] },
  { name: 'hours', first: 0, last: 23, names: [] },
  { name: 'day-of-month', first: 1, last: 31, names: [] },
  { name: 'month', first: 1, last: 12, names: monthNames },
  { name: 'day-of-week', first: 1, last: 7, names: dayNames },
  { name: 'year', first: 1970, last: 2199, names: [] },
] as const satisfies readonly FieldShape[];
const [minuteShape, hourShape, dateShape, monthShape, weekdayShape, yearShape] = shapes;

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)` by the grammar that AWS documents for EventBridge Scheduler,
 * so that synth refuses what Scheduler would refuse at deployment.
 */
export function readCron(expression: string): ReadCron {
  const inside = expression.slice('cron('.length, -1);
  const fields = [...inside.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    column: index + 'cron('.length + 1,
  }));
  if (fields.length !== shapes.length) return { ok: false, mistakes: [countMistake(fields.length, inside)] };
  const texts = fields.map(({ text }) => text);
  const [minute = '', hour = '', date = '', month = '', weekday = '', year = ''] = texts;
  const days = readDays(date, weekday);
  const read = [
    readField(minute, minuteShape),
    readField(hour, hourShape),
    days.date,
    readField(month, monthShape),
    days.weekday,
    readField(year, yearShape),
  ] as const;
  const mistakes = read.flatMap((each, index): CronMistake[] => {
    const { text = '', column = 0 } = fields[index] ?? {};
    const field = shapes[index]?.name ?? '';
    return typeof each === 'string' ? [{ column, field, found: text, expected: each }] : [];
  });
  if (mistakes.length > 0 || days.days === null) return { ok: false, mistakes };
  const values = (index: number) => read[index] as readonly number[] | null;
  const cron = {
    minutes: values(0) ?? upTo(59),
    hours: values(1) ?? upTo(23),
    days: days.days,
    months: values(3),
    years: values(5),
  };
  return { ok: true, cron };
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_each, index) => index);
}

function countMistake(count: number, inside: string): CronMistake {
  const expected = `six fields: ${shapes.map(({ name }) => name).join(' ')}`;
  return { column: 6, field: 'cron', found: `${count} in ${inside}`, expected };
}

interface ReadDays {
  readonly date: ReadField;
  readonly weekday: ReadField;
  /** Null where one of both is wrong. */
  readonly days: CronDays | null;
}

const oneIsNone = '? here, since day-of-month says the days (exactly one of both is ?)';

/** Exactly one of both fields is `?`: the other one says the days. */
function readDays(date: string, weekday: string): ReadDays {
  if (date === '?' && weekday === '?')
    return {
      date: null,
      weekday: 'a day or *, since day-of-month is ? (exactly one of both is ?)',
      days: null,
    };
  const readDate = date === '?' ? null : readDates(date);
  if (weekday !== '?' && date !== '?') return { date: messageOf(readDate), weekday: oneIsNone, days: null };
  const readWeekday = weekday === '?' ? null : readWeekdays(weekday);
  const days = readDate ?? readWeekday;
  return {
    date: messageOf(readDate),
    weekday: messageOf(readWeekday),
    days: typeof days === 'string' ? null : days,
  };
}

function messageOf(read: CronDays | string | null): string | null {
  return typeof read === 'string' ? read : null;
}

function readDates(field: string): CronDays | string {
  if (field === 'L') return { kind: 'last-date' };
  if (field === 'LW') return { kind: 'last-working-day' };
  const [, near] = /^(\d{1,2})W$/.exec(field) ?? [];
  const date = near === undefined ? undefined : toValue(near, dateShape);
  if (date !== undefined) return { kind: 'working-day-near', date };
  const dates = readField(field, dateShape);
  if (dates === null) return { kind: 'every' };
  return typeof dates === 'string' ? wider(dates, dateShape, 'L, LW or 15W') : { kind: 'dates', dates };
}

function readWeekdays(field: string): CronDays | string {
  if (field === 'L') return { kind: 'weekdays', weekdays: [6] };
  const [, day = '', mark = '', nth = ''] = /^(\w+?)(L|#([1-5]))$/.exec(field) ?? [];
  const weekday = mark === '' ? undefined : toValue(day, weekdayShape);
  if (weekday !== undefined)
    return mark === 'L'
      ? { kind: 'last-weekday', weekday: weekday - 1 }
      : { kind: 'nth-weekday', weekday: weekday - 1, nth: Number(nth) };
  const weekdays = readField(field, weekdayShape);
  if (weekdays === null) return { kind: 'every' };
  if (typeof weekdays === 'string') return wider(weekdays, weekdayShape, '6L or MON#1');
  return { kind: 'weekdays', weekdays: weekdays.map((each) => each - 1) };
}

/** Days know more words than other fields. */
function wider(expected: string, shape: FieldShape, words: string): string {
  return expected === expectedOf(shape) ? `${expected}, or ${words}` : expected;
}
