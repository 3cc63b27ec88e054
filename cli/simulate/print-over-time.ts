import { cleanText } from '../../functions/core/text/clean-text.ts';
import { chosenOf } from '../../functions/core/model/plan.ts';
import { utilizationOf } from '../../functions/core/model/snapshot.ts';
import { unknownSlots } from '../snapshots/to-snapshot.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Column, toTable } from '../terminal/table.ts';
import { countVerdicts } from './count-verdicts.ts';
import type { Simulation } from './simulation.ts';

const number = (heading: string): Column => ({ heading, most: 9, align: 'right' });
const columns: readonly Column[] = [
  { heading: 'taken at', most: 40 },
  ...['clients', 'full', 'end', 'cancel', 'report', 'capped', 'spared', 'protected', 'leave'].map(number),
];

/** What the policy would have done at each of many moments, and how many sessions that are in all. */
export function printOverTime(screen: Screen, simulations: readonly Simulation[], policy: string): void {
  const { bold, dim } = screen.style;
  const [heading = '', ...lines] = toTable(columns, simulations.map(toRow));
  screen.print(
    bold(`${cleanText(policy)} on ${simulations.length} snapshots`),
    '',
    dim(heading),
    ...lines,
    '',
  );
  const chosen = new Map<string, number>();
  const sessions = new Set<string>();
  for (const { plan } of simulations)
    for (const { session, rule } of chosenOf(plan)) {
      sessions.add(`${session.id} ${session.identity.connection}`);
      chosen.set(rule ?? '', (chosen.get(rule ?? '') ?? 0) + 1);
    }
  for (const [rule, count] of [...chosen].sort(([, a], [, b]) => b - a))
    screen.print(`${rule}: chosen ${count === 1 ? 'once' : `${count} times`}`);
  screen.print(
    `Different sessions that would have been chosen: ${sessions.size}. What is saved was not swept: a session that a sweep would`,
    'have ended is in the later snapshots too.',
  );
}

function toRow({ file, snapshot, plan }: Simulation): string[] {
  const counts = countVerdicts(plan);
  const clients = snapshot.sessions.filter(({ kind }) => kind === 'client').length;
  const isKnown = snapshot.capacity.maxConnections !== unknownSlots;
  const full = isKnown ? `${Math.round(utilizationOf(snapshot.capacity) * 100)}%` : '?';
  const { terminate, cancel, reported, capped, spared, protected: guarded } = counts;
  const numbers = [terminate, cancel, reported, capped, spared, guarded, counts['no-rule']].map(String);
  return [snapshot.takenAt === 'unknown' ? file : snapshot.takenAt, String(clients), full, ...numbers];
}
