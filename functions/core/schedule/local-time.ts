/* eslint-disable no-restricted-globals -- computes with given times, reads no clock */

/** A day of the calendar; months count from 1, weekdays from Sunday, 0. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
}

/** How a time zone's clocks differ from UTC, in milliseconds, at an instant. */
export type OffsetAt = (ms: number) => number;

/** The clocks of a time zone such as Europe/Berlin. */
export function clocksOf(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
    ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  return (ms) => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
  };
}

/** The instant at which a zone's clocks show a time; one that they skip is taken as after the skip. */
export function toInstant(
  { year, month, date }: Day,
  hour: number,
  minute: number,
  offsetAt: OffsetAt,
): number {
  const shown = Date.UTC(year, month - 1, date, hour, minute);
  const guess = shown - offsetAt(shown);
  return shown - offsetAt(guess);
}

/** The day that a zone's calendar shows at an instant. */
export function toDay(ms: number, offsetAt: OffsetAt): Day {
  return dayOf(ms + offsetAt(ms));
}

/** The day before. */
export function dayBefore({ year, month, date }: Day): Day {
  return dayOf(Date.UTC(year, month - 1, date - 1));
}

/** The number of days of a month, and the weekday of its first. */
export function monthOf({ year, month }: Day): { readonly days: number; readonly firstWeekday: number } {
  return {
    days: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    firstWeekday: new Date(Date.UTC(year, month - 1, 1)).getUTCDay(),
  };
}

function dayOf(ms: number): Day {
  const day = new Date(ms);
  return {
    year: day.getUTCFullYear(),
    month: day.getUTCMonth() + 1,
    date: day.getUTCDate(),
    weekday: day.getUTCDay(),
  };
}

/** A given instant as ISO 8601 in UTC, without fractions of a second. */
export function toIsoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
