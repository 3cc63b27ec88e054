import type { Policy } from '../../contract/policy.ts';
import type { Decision } from '../model/plan.ts';
import type { Session } from '../model/session.ts';
import { countByUser } from './fair-share.ts';

/** How many sessions one sweep may touch: `perSweep`, and the share of the client sessions seen, rounded down but never under 1. */
export function capOf(caps: Policy['caps'], clientSessions: number): { most: number; says: string } {
  const share = shareOf(caps, clientSessions);
  if (caps.perSweep <= share) return { most: caps.perSweep, says: `at most ${caps.perSweep} in one sweep` };
  return {
    most: share,
    says: `at most ${toPercent(caps)} of the ${clientSessions} client sessions in one sweep`,
  };
}

/**
 * Spares, and says so, every chosen session beyond the caps; those that are left come first, and each part keeps its order. The cap
 * is dealt out to one user after the other, so that one user's sessions do not use up the turns of all. Of each user earlier rules
 * come first, then those longest in their state. Where the rule has no group, the share is also of each user's own sessions.
 */
export function applyCaps(
  chosen: readonly Decision[],
  { caps, rules }: Pick<Policy, 'caps' | 'rules'>,
  clients: readonly Session[],
): Decision[] {
  const { most, says } = capOf(caps, clients.length);
  const grouped = new Set(rules.filter(({ group }) => group.length > 0).map(({ name }) => name));
  const held = countByUser(clients);
  const queues = [...byUser(chosen)].map(([user, decisions]) => {
    const own = shareOf(caps, held.get(user) ?? 0);
    return divideByShare(inTurn(decisions), own, ({ rule }) => rule !== null && grouped.has(rule));
  });
  const admitted = new Set(
    deal(
      queues.map(({ within }) => within),
      most,
    ),
  );
  const beyond = new Set(queues.flatMap((queue) => queue.beyond));
  const spared = chosen.filter((decision) => !admitted.has(decision));
  return [
    ...chosen.filter((decision) => admitted.has(decision)),
    ...spared.map((decision) =>
      cap(decision, beyond.has(decision) ? describeOwn(decision, caps, held) : says),
    ),
  ];
}

function cap(decision: Decision, says: string): Decision {
  return { ...decision, verdict: 'capped', reason: `${decision.reason}; spared by the cap: ${says}` };
}

function describeOwn(
  { session }: Decision,
  caps: Policy['caps'],
  held: ReadonlyMap<string | null, number>,
): string {
  return `at most ${toPercent(caps)} of the ${held.get(session.user) ?? 0} client sessions of its user in one sweep`;
}

function shareOf({ share }: Policy['caps'], sessions: number): number {
  return Math.max(1, Math.floor(share * sessions + 1e-9));
}

function toPercent({ share }: Policy['caps']): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

function byUser(chosen: readonly Decision[]): ReadonlyMap<string | null, readonly Decision[]> {
  const queues = new Map<string | null, Decision[]>();
  for (const decision of chosen) {
    const queue = queues.get(decision.session.user);
    if (queue) queue.push(decision);
    else queues.set(decision.session.user, [decision]);
  }
  return queues;
}

/**
 * Cancels of one rule from both ends in turn: a statement that outlived an earlier cancel is among the longest, and must not use up
 * the cap for good; nor must those that have only begun.
 */
function inTurn(decisions: readonly Decision[]): readonly Decision[] {
  const rules = [...new Set(decisions.map(({ rule }) => rule))];
  return rules.flatMap((rule) => {
    const own = decisions.filter((decision) => decision.rule === rule);
    return own[0]?.verdict === 'cancel'
      ? own.map((_, index) => own.at(fromBothEnds(index)) as Decision)
      : own;
  });
}

/** 0, -1, 1, -2, 2, … */
function fromBothEnds(index: number): number {
  return index % 2 === 0 ? index / 2 : -(index + 1) / 2;
}

function divideByShare(
  decisions: readonly Decision[],
  own: number,
  isExempt: (decision: Decision) => boolean,
): { readonly within: readonly Decision[]; readonly beyond: readonly Decision[] } {
  let taken = 0;
  const isWithin = (decision: Decision) => isExempt(decision) || (taken += 1) <= own;
  const within = decisions.filter(isWithin);
  const kept = new Set(within);
  return { within, beyond: decisions.filter((decision) => !kept.has(decision)) };
}

/** The first of each queue, then the second of each, and so on, `most` at most. */
function deal<T>(queues: readonly (readonly T[])[], most: number): readonly T[] {
  const dealt: T[] = [];
  let open = queues;
  for (let turn = 0; open.length > 0 && dealt.length < most; turn += 1) {
    dealt.push(...open.flatMap((queue) => queue.slice(turn, turn + 1)));
    open = open.filter((queue) => queue.length > turn + 1);
  }
  return dealt.slice(0, most);
}
