import type { Decision } from '../../functions/core/model/plan.ts';
import type { ReportedDecision } from '../../functions/core/model/report.ts';
import { toDecision } from '../../functions/core/to-report.ts';
import type { FiledSnapshot } from '../snapshots/read-snapshots.ts';
import type { Simulation } from './simulation.ts';

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

/** The decisions about one snapshot, in the plan's order. */
export function toDecisionJson(simulation: Simulation): DecisionJson[] {
  const snapshot = toSnapshotName(simulation);
  return simulation.plan.decisions.map((decision) => toJsonDecision(decision, snapshot));
}

/** The decisions of one policy, each beside what the other says of the same session. */
export function toPairJson(simulation: Simulation) {
  const other = new Map(simulation.against?.decisions.map((decision) => [decision.session.id, decision]));
  const snapshot = toSnapshotName(simulation);
  return simulation.plan.decisions.map((decision) => {
    const against = other.get(decision.session.id) ?? null;
    return {
      ...toJsonDecision(decision, snapshot),
      differs: against?.verdict !== decision.verdict,
      against: against && toVerdict(against),
    };
  });
}

/** One decision in the form that machines get. */
export function toJsonDecision(decision: Decision, snapshot: SnapshotName): DecisionJson {
  return { schema: 'unleak.decision/1', snapshot, ...toDecision(decision) };
}

function toVerdict({ verdict, rule, protection, reason }: Decision) {
  return { verdict, rule, protection, reason };
}

/** Which snapshot it is. */
export function toSnapshotName({ file, snapshot }: FiledSnapshot): SnapshotName {
  return { file, takenAt: snapshot.takenAt };
}
