import type { Report, ReportedCapacity, ReportedDecision, ReportedOutcome } from '../model/report.ts';

/** How many items of each list were left out for want of space. */
export type Truncated = Readonly<Record<keyof Lists | 'limits', number>>;

/** A report without its least interesting parts: texts are shortened, and `truncated` counts what its lists lack. */
export type TrimmedReport = Report & { readonly truncated: Truncated };

type Lists = Pick<Report, 'waiting' | 'decisions' | 'outcomes' | 'groups' | 'findings' | 'missing'>;
const noLists: Lists = { waiting: [], decisions: [], outcomes: [], groups: [], findings: [], missing: [] };

const mostLimits = 8;
const mostBlocks = 10;
const interest = ['terminate', 'cancel', 'reported', 'protected', 'capped', 'spared', 'no-rule'] as const;
const settled = ['terminated', 'cancelled', 'already gone', 'changed'] as const;

/** Fills the lists in the order of their worth until `most` is reached; a list is as large as its items together. */
export function trimReport(report: Report, most: number, sizeOf: (value: unknown) => number): TrimmedReport {
  const room: Room = { left: most - sizeOf(withLists(report, noLists)), sizeOf };
  const waiting = take(report.waiting, room, 1 / 3);
  const findings = take(report.findings, room, 1 / 4);
  const missing = take(report.missing, room, 1 / 4);
  const groups = take(report.groups, room, 1 / 3);
  const outcomes = take(report.outcomes, room, 1 / 2, (each) => (isSettled(each) ? 1 : 0));
  const decisions = take(report.decisions.map(withFewBlocks), room, 1, ({ verdict }) =>
    interest.indexOf(verdict),
  );
  return withLists(report, { waiting, decisions, outcomes, groups, findings, missing });
}

interface Room {
  left: number;
  readonly sizeOf: (value: unknown) => number;
}

/** The items that fit into a share of the room, those of the lowest rank first, returned in the order they had. */
function take<T>(items: readonly T[], room: Room, share: number, rankOf: (item: T) => number = () => 0): T[] {
  const end = room.left * (1 - share);
  const kept = new Set<T>();
  for (const item of items.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const size = room.sizeOf(item) + 1; // and a comma
    if (room.left - size < end) break;
    room.left -= size;
    kept.add(item);
  }
  return items.filter((item) => kept.has(item));
}

function withLists(report: Report, lists: Lists): TrimmedReport {
  const lacks = (list: keyof Lists): number => report[list].length - lists[list].length;
  return {
    ...report,
    ...lists,
    before: report.before && trimCapacity(report.before),
    after: report.after && trimCapacity(report.after),
    truncated: {
      waiting: lacks('waiting'),
      decisions: lacks('decisions'),
      outcomes: lacks('outcomes'),
      groups: lacks('groups'),
      findings: lacks('findings'),
      missing: lacks('missing'),
      limits: Math.max(limitsCut(report.before), limitsCut(report.after)),
    },
  };
}

function trimCapacity(capacity: ReportedCapacity): ReportedCapacity {
  return { ...capacity, limits: capacity.limits.slice(0, mostLimits) };
}

function limitsCut(capacity: ReportedCapacity | null): number {
  return Math.max(0, (capacity?.limits.length ?? 0) - mostLimits);
}

function withFewBlocks(decision: ReportedDecision): ReportedDecision {
  const { session } = decision;
  return { ...decision, session: { ...session, blocks: session.blocks.slice(0, mostBlocks) } };
}

function isSettled({ result }: ReportedOutcome): boolean {
  return settled.some((each) => each === result);
}
