import type { Decision } from '../../functions/core/model/plan.ts';
import type { ReportedDecision } from '../../functions/core/model/report.ts';
import { toDecision } from '../../functions/core/to-report.ts';
import type { FiledSnapshot } from './read-snapshots.ts';

/** Which snapshot a decision is about. */
export interface SnapshotName {
  /** Null for a look at a server. */
  readonly file: string | null;
  readonly takenAt: string;
}

/** A decision as `simulate --json` and `explain --json` list it: one for each session of each snapshot. */
export interface DecisionJson extends ReportedDecision {
  readonly schema: 'unleak.decision/1';
  readonly snapshot: SnapshotName;
}

/** One decision in the form that machines get. */
export function toJsonDecision(decision: Decision, snapshot: SnapshotName): DecisionJson {
  return { schema: 'unleak.decision/1', snapshot, ...toDecision(decision) };
}

/** Which snapshot it is. */
export function toSnapshotName({ file, snapshot }: FiledSnapshot): SnapshotName {
  return { file, takenAt: snapshot.takenAt };
}
