import { cleanText } from '../../functions/core/text/clean-text.ts';
import { defangName } from '../../functions/core/text/defang.ts';
import { formatDuration } from '../../functions/core/text/format-duration.ts';
import type { Session } from '../../functions/core/model/session.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { toWaits } from '../../functions/core/waiting/to-waits.ts';
import { evidenceOf, remedyOf, titleOf } from '../../functions/core/waiting/describe-wait.ts';
import { toCapacity } from '../../functions/core/to-report.ts';
import { nameServer } from '../terminal/name-server.ts';
import { printCapacity } from '../terminal/print-capacity.ts';
import { lacks } from '../../functions/core/notify/sections/missing-privileges.ts';
import type { Screen } from '../terminal/screen.ts';
import { toTable } from '../terminal/table.ts';
import { wrap } from '../terminal/wrap.ts';
import { toBlockingTree } from './blocking-tree.ts';
import { groupAlike } from './group-alike.ts';

const mostGroups = 25;
const mostIdle = 5;

/** A snapshot for people: the slots, who holds how many, the longest idle, who keeps whom waiting. */
export function printSnapshot(screen: Screen, target: string, snapshot: Snapshot): void {
  const { bold, yellow } = screen.style;
  const clients = snapshot.sessions.filter((session) => session.kind === 'client');
  const server = nameServer(target, snapshot.engine, snapshot.version);
  screen.print(bold(`${server} at ${cleanText(snapshot.takenAt, 40)}`), '');
  printCapacity(screen, 'Slots', toCapacity(snapshot));
  for (const { kind, name, limit, used } of snapshot.capacity.limits)
    screen.print(`        ${used} of ${limit} for the ${kind} ${defangName(cleanText(name, 64))}`);
  printGroups(screen, clients);
  printIdle(screen, clients);
  printWaits(screen, snapshot);
  const tree = toBlockingTree(snapshot.sessions);
  if (tree.length > 0) screen.print('', bold('Who keeps whom waiting'), ...tree);
  for (const { prevents, what, grant } of snapshot.missing)
    screen.print(
      '',
      yellow(`${lacks[prevents]}: ${cleanText(what, 400)}. What is needed:`),
      `  ${cleanText(grant, 1_000)}`,
    );
}

/** Every queue, however short its wait: whoever looks wants to know now. */
function printWaits({ print, style, columns }: Screen, snapshot: Snapshot): void {
  const waits = toWaits({ before: snapshot, plan: null, mode: 'dry-run', after: null, waitingMs: 0 });
  if (waits.length === 0) return;
  print('', style.red('Who waits'));
  for (const wait of waits) {
    const lines = [titleOf(wait), evidenceOf(wait), `To end it: ${remedyOf(wait)}`];
    print(...lines.flatMap((line) => wrap(line, columns - 2)).map((line) => `  ${line}`));
  }
}

function printGroups({ print, style }: Screen, clients: readonly Session[]): void {
  const groups = groupAlike(clients);
  if (groups.length === 0) {
    print('', 'No client is connected.');
    return;
  }
  const [heading = '', ...lines] = toTable(
    [
      { heading: 'sessions', most: 8, align: 'right' },
      { heading: 'user', most: 20 },
      { heading: 'application', most: 24 },
      { heading: 'client', most: 24 },
      { heading: 'state', most: 29 },
      { heading: 'longest', most: 10, align: 'right' },
    ],
    groups
      .slice(0, mostGroups)
      .map(({ sessions, longestMs, ...names }) => [
        ...[String(sessions), name(names.user), name(names.application), name(names.client)],
        ...[names.state ?? '(unknown)', longestMs === null ? '?' : formatDuration(longestMs)],
      ]),
  );
  print('', style.dim(heading), ...lines);
  if (groups.length > mostGroups) print(style.dim(`… and ${groups.length - mostGroups} more groups`));
}

function printIdle({ print, style, columns }: Screen, clients: readonly Session[]): void {
  const idle = clients
    .filter((session) => session.state?.startsWith('idle') && session.stateMs !== null)
    .sort((a, b) => (b.stateMs ?? 0) - (a.stateMs ?? 0))
    .slice(0, mostIdle);
  if (idle.length === 0) return;
  const lines = toTable(
    [
      { heading: 'id', most: 20, align: 'right' },
      { heading: 'for', most: 10, align: 'right' },
      { heading: 'user', most: 20 },
      { heading: 'last statement', most: Math.max(30, columns - 48) },
    ],
    idle.map((session) => [
      session.id,
      formatDuration(session.stateMs ?? 0),
      name(session.user),
      session.statement ?? '(unknown)',
    ]),
  );
  print('', style.bold('Longest idle'), ...lines);
}

function name(text: string | null): string {
  return text === null ? '(unknown)' : text || '(none)';
}
