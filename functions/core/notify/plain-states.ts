import type { ReportedCapacity } from '../model/report.ts';
import { cleanText } from '../text/clean-text.ts';

const mostStates = 12;

/** Capacity whose states, the only keys that come from a server, are harmless to print; the most frequent ones. */
export function plainStates(capacity: ReportedCapacity): ReportedCapacity {
  const ranked = Object.entries(capacity.states).sort((a, b) => b[1] - a[1]);
  const few = ranked.slice(0, mostStates).map(([state, count]) => [cleanText(state, 64), count] as const);
  return { ...capacity, states: Object.fromEntries(few) };
}
