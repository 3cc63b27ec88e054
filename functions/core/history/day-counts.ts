import { type Choice, type DayCount, dayOf, type Followed, type Settled } from './ledger.ts';

/** So many rows of counts are kept; what comes on top of a full day is counted under no program's name. */
export const mostRowsOfDay = 12;

/** Counts a session on the day on which it was chosen. */
export function countChosen(days: readonly DayCount[], each: Followed): readonly DayCount[] {
  return count(days, each, (row) => ({ ...row, chosen: row.chosen + 1 }));
}

/** Counts what became of a session, on the day on which it was chosen. */
export function countSettled(days: readonly DayCount[], each: Settled): readonly DayCount[] {
  return count(days, each, (row) => ({
    ...row,
    [each.fate]: row[each.fate] + 1,
    afterMs: row.afterMs + (each.afterMs ?? 0),
    longestSilenceMs: Math.max(row.longestSilenceMs, silenceOf(each)),
  }));
}

/** How long it had been silent when it was used again, in milliseconds; 0 for all others. */
export function silenceOf({ afterMs, idleMs }: Settled): number {
  return afterMs === null ? 0 : idleMs + afterMs;
}

function count(
  days: readonly DayCount[],
  each: Followed,
  change: (row: DayCount) => DayCount,
): readonly DayCount[] {
  const day = dayOf(each.chosenAtMs);
  const found = days.findIndex((row) => isOf(row, day, each));
  if (found !== -1) return days.with(found, change(days[found] ?? toRow(day, each)));
  const ofDay = days.filter((row) => row.day === day).length;
  const other: Choice = { ...each, user: null, application: others };
  if (ofDay < mostRowsOfDay || each.application === others) return [...days, change(toRow(day, each))];
  return count(days, { ...each, ...other }, change);
}

const others = '(other programs)';

function isOf(row: DayCount, day: number, choice: Choice): boolean {
  return (
    row.day === day &&
    row.rule === choice.rule &&
    row.policy === choice.policy &&
    row.mode === choice.mode &&
    row.user === choice.user &&
    row.application === choice.application
  );
}

function toRow(day: number, { user, application, policy, rule, mode }: Choice): DayCount {
  const none = { chosen: 0, ended: 0, left: 0, usedAgain: 0, unfollowed: 0, afterMs: 0, longestSilenceMs: 0 };
  return { day, policy, rule, mode, user, application, ...none };
}
