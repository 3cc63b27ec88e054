import type { SoftProtection } from '../../../functions/contract/policy.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { chosenOf } from '../../../functions/core/model/plan.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import { verify } from '../../../functions/core/verify.ts';
import type { ControlConnection } from '../../../functions/engines/engine.ts';
import { buildPolicy, type RuleInput } from '../../core/build-session.ts';
import { until } from './sessions.ts';

function policyFor(user: string, rule: Partial<RuleInput>, lift: SoftProtection[] = []) {
  return buildPolicy([{ state: 'active', match: { user }, ...rule }], { lift });
}

/** Whom a rule chooses among the sessions of one user; active for a second unless it says otherwise. */
export function idsTakenBy(
  snapshot: Snapshot,
  user: string,
  rule: Partial<RuleInput>,
  lift: SoftProtection[] = [],
): string[] {
  return chosenOf(decide(snapshot, policyFor(user, rule, lift))).map(({ session }) => session.id);
}

/** Snapshot, decide, end, verify; what became of each. */
export async function carryOut(control: ControlConnection, user: string, rule: Partial<RuleInput>) {
  const chosen = chosenOf(decide(await control.snapshot(), policyFor(user, rule)));
  const attempts = await control.end(chosen.map(({ session, verdict }) => ({ session, action: verdict })));
  let results: string[] = [];
  await until(async () => {
    results = verify(chosen, attempts, await control.snapshot()).map(({ result }) => result);
    return !results.some((result) => result === 'survived' || result === 'still running');
  }, 'what was chosen is over');
  return results;
}
