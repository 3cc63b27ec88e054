import { cleanText } from '../text/clean-text.ts';
import type { Waiter } from './queue.ts';

const name = '[\\w$"`.\\u0080-\\uffff]+';
/** The first table that a statement without literals names, after any of the words that a name of a table follows. */
const named = new RegExp(
  `\\b(?:from|update|into|join|table|truncate|lock)\\s+(?:(?:table|tables|only|if|not|exists|low_priority|ignore|concurrently)\\s+)*(${name})`,
  'i',
);
/** Maintenance, with its options in brackets or as words. */
const maintained = new RegExp(
  `\\b(?:vacuum|analyze|cluster|reindex|optimize|check|repair)\\s+(?:\\([^)]*\\)\\s*)?(?:(?:full|freeze|verbose|analyze|table|concurrently)\\s+)*(${name})`,
  'i',
);
const onTable = new RegExp(`\\b(?:index|trigger)\\b.*?\\bon\\s+(?:only\\s+)?(${name})`, 'i');

/** The table that most of those who wait speak of; null where no statement names one. */
export function tableOf(waiters: readonly Waiter[]): string | null {
  const counts = new Map<string, number>();
  for (const { session } of waiters) {
    const table = tableIn(session?.statement ?? '');
    if (table !== null) counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  const [first] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return first ? cleanText(first[0], 128) : null;
}

function tableIn(statement: string): string | null {
  const [, table] = onTable.exec(statement) ?? named.exec(statement) ?? maintained.exec(statement) ?? [];
  return table?.replace(/["`]/g, '').replace(/\.$/, '') || null;
}
