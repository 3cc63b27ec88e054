import { InvalidArgumentError } from 'commander';

const expected =
  'Expected a time in UTC such as 14:05, 2026-01-31T14:05 or 2026-01-31T14:05:30Z, or one with its zone: 14:05+02:00.';
const written = /^(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d?:\d\d)(:\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/;

/** An instant as people write it, as epoch milliseconds: of a time alone, the last one that is not in the future. UTC where no zone is named. */
export function parseAt(text: string, nowMs: number): number {
  const [, date, time = '', seconds = ':00', zone = 'Z'] = written.exec(text.trim()) ?? [];
  if (time === '') throw new InvalidArgumentError(expected);
  const on = (day: string) => Date.parse(`${day}T${time.padStart(5, '0')}${seconds}${zone}`);
  const dayMs = 86_400_000;
  const today = [1, 0, -1, -2].map((days) => on(new Date(nowMs + days * dayMs).toISOString().slice(0, 10)));
  const atMs = date === undefined ? today.find((each) => each <= nowMs) : on(date);
  if (atMs === undefined || Number.isNaN(atMs)) throw new InvalidArgumentError(expected);
  return atMs;
}
