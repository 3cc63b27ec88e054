import { type Hour, hourMs } from '../hour.ts';
import type { Point } from '../point.ts';
import { type Program, programKey } from '../program.ts';

/** What a history knows of a server's slots and programs. */
interface Watched {
  readonly points: readonly Point[];
  readonly hours: readonly Hour[];
}

/** A count at an instant, epoch milliseconds. */
export interface Sample {
  readonly atMs: number;
  readonly count: number;
}

/** The smallest count of one hour; `atMs` is its beginning. */
export interface HourFloor {
  readonly atMs: number;
  readonly least: number;
}

/** The largest number of slots taken on the whole server in one hour; `atMs` is its beginning. */
export interface Peak {
  readonly atMs: number;
  readonly most: number;
}

/** Hours in which a leak is known to have been at work: nobody learns from them what is usual. */
export interface LeakSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A count over time, and the maximum that it must not reach. */
export interface Signal {
  /** The last 48 hours, the oldest first. */
  readonly samples: readonly Sample[];
  /** The weeks before, the oldest first. */
  readonly hours: readonly HourFloor[];
  readonly max: number;
  /** Slots taken now by everybody: what is left is left for all. */
  readonly used: number;
  /** What the server needed in the weeks before, the oldest first. */
  readonly peaks: readonly Peak[];
  readonly leaks: readonly LeakSpan[];
}

/** All slots taken on a server; null where nothing is known of it. */
export function toServerSignal(history: Watched, leaks: readonly LeakSpan[] = []): Signal | null {
  const last = history.points.at(-1);
  if (!last) return null;
  return {
    samples: history.points.map(({ atMs, used }) => ({ atMs, count: used })),
    hours: history.hours.map(({ atMs, used }) => ({ atMs, least: used.min })),
    ...limitsOf(history, last),
    leaks,
  };
}

/** The sessions of one program that have rested for over 30 minutes; a program that is not among the largest has none. */
export function toProgramSignal(
  history: Watched,
  program: Program,
  leaks: readonly LeakSpan[] = [],
): Signal | null {
  const last = history.points.at(-1);
  if (!last) return null;
  const key = programKey(program);
  const find = <T extends Program>(some: readonly T[]) => some.find((each) => programKey(each) === key);
  return {
    samples: history.points.map(({ atMs, programs }) => ({ atMs, count: find(programs)?.idle ?? 0 })),
    hours: history.hours.map(({ atMs, programs }) => ({ atMs, least: find(programs)?.idle.min ?? 0 })),
    ...limitsOf(history, last),
    leaks,
  };
}

function limitsOf({ hours }: Watched, { max, used }: Point) {
  return { max, used, peaks: hours.map(({ atMs, used: { max: most } }) => ({ atMs, most })) };
}

/** Whether an instant lies in a span of a known leak. */
export function isLeaking(leaks: readonly LeakSpan[], atMs: number): boolean {
  // The floor of an hour looks back over all of it.
  return leaks.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs - hourMs <= untilMs);
}
