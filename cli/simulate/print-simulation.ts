import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Verdict } from '../../functions/core/model/plan.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { toCapacity, toDecision } from '../../functions/core/to-report.ts';
import { unknownSlots } from '../snapshots/to-snapshot.ts';
import { printCapacity } from '../terminal/print-capacity.ts';
import { printDecisions } from '../terminal/print-decisions.ts';
import type { Screen } from '../terminal/screen.ts';
import { countVerdicts } from './count-verdicts.ts';
import { describeServer, type Simulation } from './simulation.ts';

const mostDecisions = 60;

/** What the policy would do to one snapshot: the slots, every decision that a rule made, and how many there are of each. */
export function printSimulation(screen: Screen, simulation: Simulation, policy: string): void {
  const { file, snapshot, plan } = simulation;
  screen.print(screen.style.bold(`${cleanText(policy)} on ${cleanText(file)} (${describeServer(snapshot)})`));
  printSlots(screen, snapshot);
  const decided = plan.decisions.filter(({ verdict }) => verdict !== 'no-rule');
  if (decided.length > 0) screen.print('');
  printDecisions(screen, decided.map(toDecision), [], mostDecisions);
  screen.print('', `${toTotals(countVerdicts(plan))}.`);
}

/** The bar of slots, where the file tells how many there are. */
export function printSlots(screen: Screen, snapshot: Snapshot): void {
  if (snapshot.capacity.maxConnections !== unknownSlots) printCapacity(screen, 'Slots', toCapacity(snapshot));
  else
    screen.print(
      screen.style.dim('The file does not state the capacity, so rules with utilization are not in force.'),
    );
}

function toTotals(counts: Readonly<Record<Verdict, number>>): string {
  return [
    `Would end ${counts.terminate} and cancel ${counts.cancel}`,
    ...(counts.reported > 0 ? [`${counts.reported} only reported`] : []),
    `${counts.capped} spared by the cap, ${counts.spared} by their rule, ${counts.protected} protected`,
    `${counts['no-rule']} unmatched`,
  ].join('; ');
}
