import type { Decision } from '../../functions/core/model/plan.ts';
import { type DecisionJson, toJsonDecision, toSnapshotName } from '../snapshots/decision-json.ts';
import type { Simulation } from './simulation.ts';

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

function toVerdict({ verdict, rule, protection, reason }: Decision) {
  return { verdict, rule, protection, reason };
}
