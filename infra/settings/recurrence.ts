import { minutesOfWeek } from './cron-minutes.ts';

/** How often a schedule fires: its shortest and its longest pause. */
export interface Recurrence {
  readonly shortestSeconds: number;
  /** Null: longer than a week, or not to be told from the expression alone. */
  readonly longestSeconds: number | null;
}

const unitSeconds = { minute: 60, hour: 3_600, day: 86_400 } as const;
type Unit = keyof typeof unitSeconds;
const weekMinutes = 7 * 24 * 60;

/** The pauses of a `rate(…)` or `cron(…)` expression; a change to summer time is not counted. */
export function toRecurrence(schedule: string): Recurrence {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  if (rate === null) return cronRecurrence(schedule);
  const seconds = Number(rate[1]) * unitSeconds[rate[2] as Unit];
  return { shortestSeconds: seconds, longestSeconds: seconds };
}

function cronRecurrence(schedule: string): Recurrence {
  const { minutes, everyWeek } = minutesOfWeek(schedule.slice('cron('.length, -1));
  const pauses = minutes.map((minute, index) => {
    const next = minutes[index + 1] ?? (minutes[0] ?? 0) + weekMinutes;
    return (next - minute) * 60;
  });
  return {
    shortestSeconds: Math.min(...pauses, weekMinutes * 60),
    longestSeconds: everyWeek ? Math.max(...pauses) : null,
  };
}
