import { byteSize } from '../text/byte-size.ts';
import { keepFollowed } from './follow.ts';
import type { History } from './history.ts';
import { toHistoryFile } from './to-history-file.ts';

/** The largest object of a target, in bytes before compression. */
export const mostHistoryBytes = 256 * 1_024;

/** What is given up, the least missed first, until the rest fits. */
const sacrifices: readonly ((history: History) => History)[] = [
  (history) => ({ ...history, hours: history.hours.map((hour) => withPrograms(hour, 5)) }),
  (history) => followFewer(history, 500),
  (history) => ({ ...history, points: history.points.map((point) => withPrograms(point, 5)) }),
  (history) => ({ ...history, points: history.points.slice(-288) }),
  (history) => followFewer(history, 100),
  (history) => ({ ...history, hours: history.hours.map((hour) => withPrograms(hour, 1)) }),
  (history) => ({ ...history, hours: history.hours.slice(-14 * 24) }),
  (history) => ({ ...history, ledger: { ...history.ledger, days: history.ledger.days.slice(-100) } }),
  (history) => ({ ...history, points: history.points.slice(-60) }),
  (history) => ({
    ...history,
    growing: [],
    points: [],
    hours: [],
    ledger: { ...history.ledger, followed: [], days: [] },
  }),
];

/** The history as text of at most 256 KiB, with everything in it where it fits. */
export function fitHistory(history: History): string {
  let rest = history;
  let text = write(rest);
  for (const give of sacrifices) {
    if (byteSize(text) <= mostHistoryBytes) return text;
    rest = give(rest);
    text = write(rest);
  }
  return text;
}

function write(history: History): string {
  return JSON.stringify(toHistoryFile(history));
}

function withPrograms<T extends { readonly programs: readonly unknown[] }>(each: T, most: number): T {
  return { ...each, programs: each.programs.slice(0, most) };
}

function followFewer(history: History, most: number): History {
  return { ...history, ledger: keepFollowed(history.ledger, most) };
}
