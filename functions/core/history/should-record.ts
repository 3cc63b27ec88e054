import type { Report, SweepOutcome } from '../model/report.ts';
import type { Observed } from './history.ts';

/** A whole snapshot is kept at least so often, in milliseconds, so that other policies can be tried on the past. */
const snapshotEveryMs = 3_600_000;

/** Outcomes that are recorded whenever they happen. */
const always: readonly SweepOutcome[] = ['ended', 'incomplete', 'fault'];

/** What decides whether a sweep is recorded whole. */
export interface Sayings {
  readonly report: Report;
  /** Null where the server was not reached. */
  readonly observed: Observed | null;
  readonly isNotified: boolean;
  readonly nowMs: number;
}

/**
 * Whether a sweep has something to say: it ended or failed, it notified, it chose somebody anew, or it learned what became of
 * somebody. A dry run that chooses the same sessions every five minutes says nothing new. Once an hour, every sweep does.
 */
export function shouldRecord({ report, observed, isNotified, nowMs }: Sayings): boolean {
  if (isNotified || always.includes(report.outcome)) return true;
  if (observed === null) return false;
  const { settled, hasChosenAnew, history } = observed;
  return settled.length > 0 || hasChosenAnew || isDue(history.recordedAtMs, nowMs);
}

function isDue(recordedAtMs: number | null, nowMs: number): boolean {
  return recordedAtMs === null || Math.abs(nowMs - recordedAtMs) >= snapshotEveryMs;
}
