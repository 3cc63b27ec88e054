import type { Policy } from '../../contract/policy.ts';
import type { Decision, Plan } from '../model/plan.ts';
import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { applyCaps } from './caps.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import type { ConditionName } from './conditions/condition.ts';
import { describeMatch, judge, type Judgement } from './conditions/judge.ts';
import { byAge } from '../model/session-order.ts';
import { compileProtections, type ProtectionOf } from './protections/compile-protections.ts';
import type { Protection } from './protections/protection.ts';
import { mayBeMild, select } from './select.ts';
import { takeEnough } from './take-enough.ts';
import { type Demand, demandsOf, describeUtilization, isInForce, type Pool, poolsOf } from './utilization.ts';

/** Hears, in order, what `decide` asks, so that it can be explained; deciding does not depend on it. */
export interface Listener {
  /** Neither the server nor a narrower limit is full enough for a rule, so these sessions, still undecided, are not judged by it. */
  notInForce(rule: CompiledRule, pools: readonly Pool[], sessions: readonly Session[]): void;
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
  const clients = sessions.filter((session) => session.kind === 'client');
  let open = sessions;
  const gone = new Set<Session>();
  for (const compiled of policy.rules.map(compileRule)) {
    const pools = compiled.rule.utilization === null ? [] : poolsOf(capacity, gone);
    const demands = demandsOf(compiled.rule, pools);
    const [judged, out] = divideBy(open, (session) => isInForce(compiled.rule, demands, session));
    if (out.length > 0) listener.notInForce(compiled, pools, out);
    const holders = clients.filter((session) => !gone.has(session));
    const pass = applyRule({ ...compiled, demands, holders, listener }, judged, protectionOf, doubts);
    passes.push(pass.decided);
    open = out.length > 0 ? [...pass.open, ...out] : pass.open;
    for (const { session } of pass.decided.filter(isToEnd)) gone.add(session);
  }
  const decided = passes.flat();
  const rest = [
    ...decided.filter((decision) => !isChosen(decision)),
    ...open.map((session) => undecided(session, doubts)),
  ];
  return {
    decisions: [
      ...applyCaps(decided.filter(isChosen), policy, clients),
      ...rest.sort((a, b) => byAge(a.session, b.session)),
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

/** A rule in force: what has to be relieved, and who holds connections. */
interface RuleInForce extends CompiledRule {
  readonly demands: readonly Demand[];
  readonly holders: readonly Session[];
  readonly listener: Listener;
}

function applyRule(
  rule: RuleInForce,
  sessions: readonly Session[],
  protectionOf: ProtectionOf,
  doubts: Map<string, Doubt>,
): Pass {
  const { decided, open, candidates } = divide(rule, sessions, protectionOf, doubts);
  const enough = rule.rule.utilization === null ? undefined : takeEnough(rule.demands, rule.holders);
  const { chosen, spared, passed } = select(rule.rule, candidates, enough);
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

function choose(inForce: RuleInForce, session: Session): Decision {
  const { rule } = inForce;
  const reason = describe(inForce, session);
  const verdict = rule.action === 'report' ? 'reported' : rule.action;
  return { session, verdict, rule: rule.name, protection: null, reason };
}

function describe({ rule, demands }: RuleInForce, session: Session): string {
  return `${describeMatch(rule, session)}${describeUtilization(rule, demands, session)}`;
}

function spare(inForce: RuleInForce, session: Session, why: string): Decision {
  const reason = `${describe(inForce, session)}; spared: ${why}`;
  return { session, verdict: 'spared', rule: inForce.rule.name, protection: null, reason };
}

function protect(inForce: RuleInForce, session: Session, protection: Protection): Decision {
  const reason = `${describe(inForce, session)}; protected: ${protection.reason}`;
  return { session, verdict: 'protected', rule: inForce.rule.name, protection: protection.name, reason };
}

function undecided(session: Session, doubts: ReadonlyMap<string, Doubt>): Decision {
  const doubt = doubts.get(session.id);
  if (doubt?.kind === 'missing' && session.kind === 'client') {
    const reason = `protected: what the rule's \`${doubt.condition}\` asks could not be read; when in doubt, it is left alone`;
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

function isToEnd({ verdict }: Decision): boolean {
  return verdict === 'terminate';
}

function divideBy<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
