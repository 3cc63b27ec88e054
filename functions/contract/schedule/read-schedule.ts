import type { Cron } from './cron.ts';
import { readCron } from './read-cron.ts';

/** When a target is swept: every so many seconds, or at the times of a cron. */
export type Schedule =
  { readonly kind: 'rate'; readonly seconds: number } | { readonly kind: 'cron'; readonly cron: Cron };

/** A schedule, or what was expected instead. */
export type ReadSchedule =
  { readonly ok: true; readonly schedule: Schedule } | { readonly ok: false; readonly expected: string };

const unitSeconds = { minute: 60, hour: 3_600, day: 86_400 } as const;
/** The forms of a schedule, as errors say them. */
export const schedulesExpected =
  'rate(5 minutes) or cron(0/5 8-18 ? * MON-FRI *), no more often than once a minute';

/** Reads `rate(…)` and `cron(…)`; each wrong field of a cron is named with its column. */
export function readSchedule(text: string): ReadSchedule {
  const [, count, unit] = /^rate\(([1-9]\d{0,5}) (minute|hour|day)s?\)$/.exec(text) ?? [];
  if (count !== undefined)
    return { ok: true, schedule: { kind: 'rate', seconds: Number(count) * unitSeconds[unit as 'minute'] } };
  if (!/^cron\(.*\)$/.test(text)) return { ok: false, expected: schedulesExpected };
  const read = readCron(text);
  if (read.ok) return { ok: true, schedule: { kind: 'cron', cron: read.cron } };
  const wrong = read.mistakes.map(
    ({ column, field, found, expected }) =>
      `column ${column} (${field}): "${found}" found, expected ${expected}`,
  );
  return { ok: false, expected: `a cron that EventBridge Scheduler takes; ${wrong.join('; ')}` };
}
