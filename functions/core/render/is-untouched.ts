import type { SweepOutcome } from '../report.ts';

/** Whether a sweep that ended this way has certainly touched no session. */
export function isUntouched(outcome: SweepOutcome): boolean {
  return outcome === 'quiet' || outcome === 'would-end' || outcome === 'locked-out';
}
