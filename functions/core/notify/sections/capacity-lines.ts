import { formatDuration } from '../../text/format-duration.ts';
import type { Report, ReportedCapacity } from '../../model/report.ts';
import type { ConnectionLimit } from '../../model/snapshot.ts';
import { toName, unbroken } from '../../text/to-name.ts';
import { toPercent } from '../../text/to-percent.ts';
import { isUntouched } from '../is-untouched.ts';
import { bullet } from '../../text/wrap-text.ts';
import { firstFew } from './first-few.ts';
import type { Section } from './section.ts';
import { toStateWords } from './session-words.ts';

const mostStates = 6;
const mostLimits = 6;
/** From here on a limit of a role, database or user is worth a line. */
const nearLimit = 0.8;

/** How full the server was and is: slots, states, and limits of roles, databases and users that are near. */
export function capacityLines({ before, after, outcome }: Report): Section {
  const now = after ?? before;
  if (!before || !now) return { heading: 'CAPACITY', lines: [] };
  const lines = bullet(`${after || !isUntouched(outcome) ? 'Before' : 'Now'}: ${usageOf(before)}`);
  if (after) lines.push(...bullet(`After: ${usageOf(after)}`));
  lines.push(...bullet(slotsOf(now)));
  const near = now.limits.filter((limit) => limit.limit > 0 && limit.used / limit.limit >= nearLimit);
  const { shown, hidden } = firstFew(near, mostLimits);
  lines.push(...shown.flatMap((limit) => bullet(describeLimit(limit))));
  if (hidden > 0) lines.push(...bullet(`${hidden} more limits are ${toPercent(nearLimit)} full or fuller`));
  return { heading: 'CAPACITY', lines };
}

function usageOf(capacity: ReportedCapacity): string {
  const { used, utilization, longestIdleMs } = capacity;
  const idle =
    longestIdleMs === null ? '' : `, ${unbroken(`the longest idle for ${formatDuration(longestIdleMs)}`)}`;
  return `${used} of ${openSlots(capacity)} connections, ${unbroken(`${toPercent(utilization)} full`)}${statesOf(capacity)}${idle}`;
}

function statesOf({ states }: ReportedCapacity): string {
  const ranked = Object.entries(states).sort((a, b) => b[1] - a[1]);
  const words = firstFew(ranked, mostStates).shown.map(([state, count]) =>
    unbroken(`${count} ${toStateWords(state)}`),
  );
  return words.length === 0 ? '' : `; ${words.join(', ')}`;
}

function slotsOf({ maxConnections, reserved }: ReportedCapacity): string {
  const kept =
    reserved > 0 ? `, of which ${reserved} ${reserved === 1 ? 'is' : 'are'} kept from ordinary logins` : '';
  return `max_connections: ${maxConnections}${kept}`;
}

function openSlots({ maxConnections, reserved }: ReportedCapacity): number {
  return Math.max(1, maxConnections - reserved);
}

function describeLimit({ kind, name, used, limit }: ConnectionLimit): string {
  const percent = toPercent(used / limit);
  return `Near its own limit: ${unbroken(`${kind} ${toName(name)}`)}, ${used} of ${limit} connections (${percent})`;
}
