import type { SweepOutcome } from '../model/report.ts';

/** Whether a sweep that ended this way has certainly touched no session. */
export function isUntouched(outcome: SweepOutcome): boolean {
  return (['quiet', 'reported', 'would-end', 'locked-out'] as const).some((each) => each === outcome);
}
