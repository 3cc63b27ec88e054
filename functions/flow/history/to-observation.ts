import type { Observation } from '../../core/history/observation.ts';
import { chosenOf } from '../../core/model/plan.ts';
import type { SweepFacts } from '../../core/to-report.ts';

/** What a sweep leaves to the history; null where it did not see the server, or could not decide. */
export function toObservation(facts: SweepFacts): Observation | null {
  const { before, plan, seenAtMs, sweepId, mode, outcomes, audit } = facts;
  if (!before || !plan || seenAtMs === undefined) return null;
  const policy = audit?.policy?.hash ?? '';
  return { sweepId, atMs: seenAtMs, mode, policy, before, chosen: chosenOf(plan), outcomes };
}
