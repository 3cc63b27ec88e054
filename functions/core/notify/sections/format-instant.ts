import { toProse } from '../../text/to-line.ts';

/** An ISO 8601 instant for people: `2026-11-22 03:10:07 UTC`; what is not one in UTC is shown as it is. */
export function formatInstant(iso: string): string {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(iso) ?? [];
  return date && time ? `${date} ${time} UTC` : toProse(iso, 40);
}
