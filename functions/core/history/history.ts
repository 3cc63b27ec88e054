import type { NotificationState } from '../notify/notification-state.ts';
import { follow } from './follow.ts';
import type { Growing } from './growth/growing.ts';
import { type Hour, toHours } from './hour.ts';
import { emptyLedger, type Ledger, type Settled } from './ledger.ts';
import type { Observation } from './observation.ts';
import { type Point, toPoint } from './point.ts';
import { addPoint, hasPoint } from './points.ts';
import { isNewServer, toServerStart } from './server-start.ts';

/** What earlier sweeps of one target left behind: the one small object that every sweep reads and writes. */
export interface History {
  /** One for each sweep of the last 48 hours, the oldest first. */
  readonly points: readonly Point[];
  /** The last five weeks, the oldest first; hours without a sweep are missing. */
  readonly hours: readonly Hour[];
  readonly ledger: Ledger;
  /** Growth that was seen, the oldest first; what is over stays for five weeks, so that nobody learns from it what is usual. */
  readonly growing: readonly Growing[];
  /** When the server started, epoch milliseconds by its own clock; null where it is not known. */
  readonly serverStartMs: number | null;
  /** When a whole snapshot was last recorded, epoch milliseconds; null: never. */
  readonly recordedAtMs: number | null;
  /** What subscribers were last told; null: nothing yet. */
  readonly notification: NotificationState | null;
}

/** A target of which nothing is remembered. */
export const emptyHistory: History = {
  points: [],
  hours: [],
  ledger: emptyLedger,
  growing: [],
  serverStartMs: null,
  recordedAtMs: null,
  notification: null,
};

/** A history with one more sweep in it. */
export interface Observed {
  readonly history: History;
  /** What this sweep found out about sessions that were chosen before, and what became of its own. */
  readonly settled: readonly Settled[];
  /** Whether it chose a session that was not chosen before. */
  readonly hasChosenAnew: boolean;
}

/** Adds a sweep. A sweep that is in the history already changes nothing, so that a write may be repeated. */
export function observe(history: History, sweep: Observation): Observed {
  const restarted = isNewServer(history.serverStartMs, sweep.before);
  const point = toPoint(sweep, restarted);
  if (hasPoint(history.points, point)) return { history, settled: [], hasChosenAnew: false };
  const points = addPoint(history.points, point);
  const { ledger, settled } = follow(history.ledger, sweep, restarted);
  return {
    history: {
      ...history,
      points,
      hours: toHours(history.hours, points),
      ledger,
      serverStartMs: toServerStart(sweep.before) ?? history.serverStartMs,
    },
    settled,
    hasChosenAnew:
      ledger.followed.some(({ chosenAtMs }) => chosenAtMs === sweep.atMs) ||
      settled.some(({ chosenAtMs }) => chosenAtMs === sweep.atMs),
  };
}
