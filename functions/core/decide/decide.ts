import type { Policy } from '../../contract/policy.ts';
import type { Decision, Plan } from '../plan.ts';
import type { Session } from '../session.ts';
import type { Snapshot } from '../snapshot.ts';
import { applyCaps } from './caps.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { type ConditionName, describeMatch, judge, type Judgement } from './conditions.ts';
import { byId } from './order.ts';
import { compileProtections, type ProtectionOf } from './protections/compile-protections.ts';
import type { Protection } from './protections/protection.ts';
import { mayBeMild, select } from './select.ts';
import { describeUtilization, isInForce, needOf } from './utilization.ts';

/** Hears, in order, what `decide` asks, so that it can be explained; deciding does not depend on it. */
export interface Listener {
  /** The server is not full enough for a rule, so these sessions, still undecided, are not judged by it. */
  notInForce(rule: CompiledRule, used: number, sessions: readonly Session[]): void;
  judged(rule: CompiledRule, session: Session, judgement: Judgement): void;
  /** The session's group is too small for the rule. */
  passed(rule: CompiledRule, session: Session, reason: string): void;
}

const nobody: Listener = { notInForce: () => undefined, judged: () => undefined, passed: () => undefined };

/** Decides about every session of a snapshot by a policy; the same snapshot and policy always give the same plan. */
export function decide(snapshot: Snapshot, policy: Policy, listener: Listener = nobody): Plan {
  const { capacity, sessions } = snapshot;
  const protectionOf = compileProtections(policy, snapshot);
  const doubts = new Map<string, Doubt>();
  const passes: (readonly Decision[])[] = [];
  let open = sessions;
  let used = capacity.used;
  for (const compiled of policy.rules.map(compileRule)) {
    if (!isInForce(compiled.rule, capacity, used)) {
      listener.notInForce(compiled, used, open);
      continue;
    }
    const need = needOf(compiled.rule, capacity, used);
    const because = describeUtilization(compiled.rule, capacity, used);
    const pass = applyRule({ ...compiled, need, because, listener }, open, protectionOf, doubts);
    passes.push(pass.decided);
    open = pass.open;
    used -= pass.decided.filter((decision) => decision.verdict === 'terminate').length;
  }
  const decided = passes.flat();
  const clients = sessions.filter((session) => session.kind === 'client').length;
  const rest = [
    ...decided.filter((decision) => !isChosen(decision)),
    ...open.map((session) => undecided(session, doubts)),
  ];
  return {
    decisions: [
      ...applyCaps(decided.filter(isChosen), policy.caps, clients),
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

/** A rule in force: how many sessions it needs to end, and the words for why. */
interface RuleInForce extends CompiledRule {
  readonly need: number;
  readonly because: string;
  readonly listener: Listener;
}

function applyRule(
  rule: RuleInForce,
  sessions: readonly Session[],
  protectionOf: ProtectionOf,
  doubts: Map<string, Doubt>,
): Pass {
  const { decided, open, candidates } = divide(rule, sessions, protectionOf, doubts);
  const { chosen, spared, passed } = select(rule.rule, candidates, rule.need);
  for (const { session, reason } of passed) {
    rule.listener.passed(rule, session, reason);
    if (!doubts.has(session.id)) doubts.set(session.id, { kind: 'minimum', rule: rule.rule.name, reason });
  }
  return {
    decided: [
      ...decided,
      ...spared.map(({ session, reason }) => spare(rule, session, reason)),
      ...chosen.map((session) => choose(rule, session)),
    ],
    open: [...open, ...passed.map(({ session }) => session)],
  };
}

/** What the rule says of each session by itself: decided here, left to later rules, or a candidate to be ended. */
function divide(
  rule: RuleInForce,
  sessions: readonly Session[],
  protectionOf: ProtectionOf,
  doubts: Map<string, Doubt>,
): { decided: Decision[]; open: Session[]; candidates: Session[] } {
  const decided: Decision[] = [];
  const open: Session[] = [];
  const candidates: Session[] = [];
  for (const session of sessions) {
    const judgement = judge(rule, session);
    rule.listener.judged(rule, session, judgement);
    if (judgement.answer === 'yes') {
      const protection = protectionOf(session);
      if (protection) decided.push(protect(rule, session, protection));
      else candidates.push(session);
      continue;
    }
    if (judgement.answer === 'unknown') noteMissing(doubts, session, rule.rule.name, judgement.condition);
    if (judgement.answer === 'unknown' && session.kind === 'client' && mayBeMild(rule.rule))
      decided.push(undecided(session, doubts)); // a later, harder rule must not have what this one might have spared
    else open.push(session);
  }
  return { decided, open, candidates };
}

/** A fact that is missing says more than a group that is too small; the first rule that misses one is named. */
function noteMissing(
  doubts: Map<string, Doubt>,
  session: Session,
  rule: string,
  condition: ConditionName,
): void {
  if (doubts.get(session.id)?.kind !== 'missing')
    doubts.set(session.id, { kind: 'missing', rule, condition });
}

function choose({ rule, because }: RuleInForce, session: Session): Decision {
  const reason = `${describeMatch(rule, session)}${because}`;
  return { session, verdict: rule.action, rule: rule.name, protection: null, reason };
}

function spare({ rule, because }: RuleInForce, session: Session, why: string): Decision {
  const reason = `${describeMatch(rule, session)}${because}; spared: ${why}`;
  return { session, verdict: 'spared', rule: rule.name, protection: null, reason };
}

function protect({ rule, because }: RuleInForce, session: Session, protection: Protection): Decision {
  const reason = `${describeMatch(rule, session)}${because}; protected: ${protection.reason}`;
  return { session, verdict: 'protected', rule: rule.name, protection: protection.name, reason };
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
