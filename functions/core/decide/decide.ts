import type { Policy } from '../../contract/policy.ts';
import type { Decision, Plan } from '../plan.ts';
import type { Session } from '../session.ts';
import type { Snapshot } from '../snapshot.ts';
import { applyCaps } from './caps.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { type ConditionName, describeMatch, judge } from './conditions.ts';
import { byId } from './order.ts';
import { compileProtections, type ProtectionOf } from './protections.ts';
import { select } from './select.ts';
import { isInForce, needOf } from './utilization.ts';

/** Decides about every session of a snapshot by a policy; the same snapshot and policy always give the same plan. */
export function decide(snapshot: Snapshot, policy: Policy): Plan {
  const protectionOf = compileProtections(policy);
  const doubts = new Map<string, Doubt>();
  const decided: Decision[] = [];
  let open = snapshot.sessions;
  let used = snapshot.capacity.used;
  for (const rule of policy.rules.map(compileRule)) {
    if (!isInForce(rule.rule, snapshot.capacity, used)) continue;
    const pass = applyRule(rule, open, needOf(rule.rule, snapshot.capacity, used), protectionOf, doubts);
    decided.push(...pass.decided);
    open = pass.open;
    used -= pass.decided.filter((decision) => decision.verdict === 'terminate').length;
  }
  const clients = snapshot.sessions.filter((session) => session.kind === 'client').length;
  const chosen = decided.filter(isChosen);
  const rest = [
    ...decided.filter((decision) => !isChosen(decision)),
    ...open.map((session) => undecided(session, doubts)),
  ];
  return {
    decisions: [
      ...applyCaps(chosen, policy.caps, clients),
      ...rest.sort((a, b) => byId(a.session, b.session)),
    ],
  };
}

/** Why a session that no rule decided was nearly decided. */
type Doubt =
  | { readonly kind: 'missing'; readonly rule: string; readonly condition: ConditionName }
  | { readonly kind: 'minimum'; readonly rule: string; readonly reason: string };

interface Pass {
  readonly decided: readonly Decision[];
  readonly open: readonly Session[];
}

function applyRule(
  rule: CompiledRule,
  sessions: readonly Session[],
  need: number,
  protectionOf: ProtectionOf,
  doubts: Map<string, Doubt>,
): Pass {
  const decided: Decision[] = [];
  const open: Session[] = [];
  const candidates: Session[] = [];
  for (const session of sessions) {
    const judgement = judge(rule, session);
    if (judgement.answer !== 'yes') {
      open.push(session);
      if (judgement.answer === 'unknown' && !doubts.has(session.id))
        doubts.set(session.id, { kind: 'missing', rule: rule.rule.name, condition: judgement.condition });
      continue;
    }
    const protection = protectionOf(session);
    if (protection) decided.push(protect(rule, session, protection.name, protection.reason));
    else candidates.push(session);
  }
  const { chosen, spared, passed } = select(rule.rule, candidates, need);
  for (const { session, reason } of passed) {
    open.push(session);
    if (!doubts.has(session.id)) doubts.set(session.id, { kind: 'minimum', rule: rule.rule.name, reason });
  }
  for (const { session, reason } of spared) decided.push(spare(rule, session, reason));
  for (const session of chosen) decided.push(choose(rule, session));
  return { decided, open };
}

function choose({ rule }: CompiledRule, session: Session): Decision {
  const reason = describeMatch(rule, session);
  return { session, verdict: rule.action, rule: rule.name, protection: null, reason };
}

function spare({ rule }: CompiledRule, session: Session, why: string): Decision {
  const reason = `${describeMatch(rule, session)}; spared: ${why}`;
  return { session, verdict: 'spared', rule: rule.name, protection: null, reason };
}

function protect({ rule }: CompiledRule, session: Session, protection: string, why: string): Decision {
  const reason = `${describeMatch(rule, session)}; protected: ${why}`;
  return { session, verdict: 'protected', rule: rule.name, protection, reason };
}

function undecided(session: Session, doubts: ReadonlyMap<string, Doubt>): Decision {
  const doubt = doubts.get(session.id);
  if (doubt?.kind === 'missing' && session.kind === 'client') {
    const reason = `protected: what the rule's \`${doubt.condition}\` asks could not be read, and doubt spares`;
    return { session, verdict: 'protected', rule: doubt.rule, protection: 'missing-fact', reason };
  }
  const reason =
    doubt?.kind === 'minimum'
      ? `no rule matches; ${doubt.rule} would, but ${doubt.reason}`
      : 'no rule matches';
  return { session, verdict: 'no-rule', rule: null, protection: null, reason };
}

function isChosen(decision: Decision): boolean {
  return decision.verdict === 'terminate' || decision.verdict === 'cancel';
}
