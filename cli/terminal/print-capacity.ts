import type { ReportedCapacity } from '../../functions/core/model/report.ts';
import { toBar } from './capacity-bar.ts';
import type { Screen } from './screen.ts';

/** One line of slots and one of states. */
export function printCapacity(screen: Screen, title: string, capacity: ReportedCapacity): void {
  const { used, maxConnections, reserved, utilization, states } = capacity;
  const slots = `${used} of ${maxConnections - reserved} connections, ${Math.round(utilization * 100)}%`;
  const byState = Object.entries(states)
    .sort(([, a], [, b]) => b - a)
    .map(([state, count]) => `${count} ${state}`);
  screen.print(
    `${screen.style.bold(title.padEnd(7))} ${toBar(utilization)} ${slots}`,
    `        ${byState.join(', ')}`,
  );
}
