import type { Policy } from '../../contract/policy.ts';
import type { Decision } from '../model/plan.ts';
import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { decide, type Listener } from './decide.ts';
import { describeCondition, describeMatch, type Measurement } from './conditions/judge.ts';
import { compileProtections, protectionOrder } from './protections/compile-protections.ts';
import type { Protection } from './protections/protection.ts';
import { describeShortage } from './utilization.ts';

/** One protection that was asked about a session; the first that applies is the last that is asked. */
export interface ProtectionStep {
  readonly name: Protection['name'];
  readonly applies: boolean;
  readonly reason: string | null;
}

/**
 * What one rule said of a session: `matched` (it decides), `no` (a condition failed), `unknown` (a fact is missing),
 * `too few` (its group is below the minimum) or `not in force` (the server is not full enough).
 */
export interface RuleStep extends Measurement {
  readonly rule: string;
  readonly answer: 'matched' | 'no' | 'unknown' | 'too few' | 'not in force';
}

/** A decision with everything that was asked on the way to it, in order. */
export interface Explanation {
  readonly decision: Decision;
  readonly protections: readonly ProtectionStep[];
  readonly rules: readonly RuleStep[];
}

/** Decides, and keeps what was asked about the sessions that are wanted; the plan's order. */
export function explain(
  snapshot: Snapshot,
  policy: Policy,
  isWanted: (session: Session) => boolean = () => true,
): readonly Explanation[] {
  const steps = new Map<string, RuleStep[]>();
  const plan = decide(snapshot, policy, listen(steps, isWanted));
  const protectionOf = compileProtections(policy, snapshot);
  return plan.decisions
    .filter(({ session }) => isWanted(session))
    .map((decision) => ({
      decision,
      protections: toProtectionSteps(protectionOf(decision.session), policy, snapshot),
      rules: steps.get(decision.session.id) ?? [],
    }));
}

function listen(steps: Map<string, RuleStep[]>, isWanted: (session: Session) => boolean): Listener {
  const add = (session: Session, step: RuleStep) => {
    const known = steps.get(session.id);
    if (known) known.push(step);
    else steps.set(session.id, [step]);
  };
  return {
    notInForce: ({ rule }, pools, sessions) => {
      for (const session of sessions.filter(isWanted))
        add(session, {
          rule: rule.name,
          answer: 'not in force',
          ...describeShortage(rule, pools, session),
        });
    },
    judged: (compiled, session, judgement) => {
      if (!isWanted(session)) return;
      const { name } = compiled.rule;
      if (judgement.answer === 'yes') add(session, matched(compiled, session));
      else
        add(session, {
          rule: name,
          answer: judgement.answer,
          ...describeCondition(judgement, compiled, session),
        });
    },
    passed: ({ rule }, session, reason) => {
      const known = steps.get(session.id);
      known?.splice(-1, 1, { rule: rule.name, answer: 'too few', ...noMeasure('minimum'), says: reason });
    },
  };
}

function matched({ rule }: CompiledRule, session: Session): RuleStep {
  return { rule: rule.name, answer: 'matched', ...noMeasure(null), says: describeMatch(rule, session) };
}

function noMeasure(condition: Measurement['condition']) {
  return { condition, measured: null, threshold: null };
}

/** What was asked until the first that applies; what another session of the process spreads is found after all were asked. */
function toProtectionSteps(found: Protection | null, policy: Policy, snapshot: Snapshot): ProtectionStep[] {
  const names: Protection['name'][] = protectionOrder(policy, snapshot);
  const end = found?.asked == null ? names.length : names.indexOf(found.asked);
  const asked = names.slice(0, end).map((name) => ({ name, applies: false, reason: null }));
  return found === null ? asked : [...asked, { name: found.name, applies: true, reason: found.reason }];
}
