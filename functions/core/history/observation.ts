import type { Mode } from '../../contract/target.ts';
import type { Chosen } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Outcome } from '../verify.ts';

/** What one sweep leaves to the history, once it has seen the server. */
export interface Observation {
  readonly sweepId: string;
  /** Epoch milliseconds by unleak's own clock: the clock of a server may jump, and changes with a failover. */
  readonly atMs: number;
  readonly mode: Mode;
  /** A short text that changes with the policy. */
  readonly policy: string;
  readonly before: Snapshot;
  /** What was to be ended, in a dry run too. */
  readonly chosen: readonly Chosen[];
  /** Empty in a dry run. */
  readonly outcomes: readonly Outcome[];
}

/** Results after which the session, or its statement, is gone by our hand. */
const endedResults: readonly Outcome['result'][] = ['terminated', 'cancelled'];

/** Whether a session, or its statement, was ended by the sweep. */
export function isEnded({ result }: Outcome): boolean {
  return endedResults.includes(result);
}
