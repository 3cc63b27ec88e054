import { isBehind, isBlockedBy } from './lock-conflicts.ts';
import type { Row } from '../connection/row.ts';

/** Who keeps whom waiting; the blocker is null where it is no session: an XA branch that its own left behind. */
export interface Wait {
  readonly blocker: string | null;
  readonly waiter: string;
  /** Milliseconds, at least; null where nothing tells. */
  readonly waitingMs: number | null;
}

/** A metadata lock that somebody has or waits for. */
export interface Ticket {
  /** What is locked; equal for the same thing. */
  readonly object: string;
  readonly type: string;
  readonly isGranted: boolean;
  /** Null where no session owns it. */
  readonly owner: string | null;
  /** Whether its owner has it, and waits for the table's engine to let it in (MyISAM and its like). */
  readonly waitsForTable: boolean;
}

/** More pairs than this are no help to anybody, and cost memory. */
const mostWaits = 100_000;

/** Reads the rows of `contendedLocks`. */
export function toTickets(rows: readonly Row[]): readonly Ticket[] {
  return rows.map((row) => ({
    object: [row['kind'], row['schema'], row['name']].join('\u0000'),
    type: row['type'] ?? '',
    isGranted: row['granted'] === '1',
    owner: row['id'] ?? null,
    waitsForTable: row['kind'] === 'TABLE' && row['table_wait'] === '1',
  }));
}

/** Who waits for whom by their tickets: for all that have what it cannot have beside them, else for one that goes first. Null when they are too many. */
export function toLockWaits(tickets: readonly Ticket[]): readonly Wait[] | null {
  const waits: Wait[] = [];
  for (const rivals of groupByObject(tickets).values()) {
    for (const request of rivals) {
      if (request.owner === null || (request.isGranted && !request.waitsForTable)) continue;
      for (const blocker of blockersOf(request, rivals))
        waits.push({ blocker, waiter: request.owner, waitingMs: null });
      if (waits.length > mostWaits) return null;
    }
  }
  return waits;
}

function groupByObject(tickets: readonly Ticket[]): ReadonlyMap<string, readonly Ticket[]> {
  const groups = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    const group = groups.get(ticket.object);
    if (group) group.push(ticket);
    else groups.set(ticket.object, [ticket]);
  }
  return groups;
}

function blockersOf(request: Ticket, rivals: readonly Ticket[]): ReadonlySet<string | null> {
  const others = rivals.filter(({ owner }) => owner !== request.owner);
  const isInTheWay = request.waitsForTable ? isAgainst : isBlocking;
  const holders = others.filter((other) => other.isGranted && isInTheWay(request, other));
  if (holders.length > 0) return new Set(holders.map(({ owner }) => owner));
  const first = others.find((other) => !other.isGranted && isBehind(request.type, other.type));
  return new Set(first ? [first.owner] : []);
}

function isBlocking(request: Ticket, held: Ticket): boolean {
  return isBlockedBy(request.type, held.type);
}

/** For the table's engine all that counts is that one of the two writes; one that waits there itself is not to blame. */
function isAgainst(request: Ticket, held: Ticket): boolean {
  return !held.waitsForTable && (isWriting(request.type) || isWriting(held.type));
}

function isWriting(type: string): boolean {
  return !['SHARED', 'SHARED_HIGH_PRIO', 'SHARED_READ', 'SHARED_READ_ONLY'].includes(type);
}
