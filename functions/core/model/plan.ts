import type { Session } from './session.ts';

/**
 * The one answer about a session:
 * - `terminate`, `cancel`: chosen, to be ended or to have its statement cancelled;
 * - `reported`: its rule takes it, and only reports it: it is never ended, whatever later rules say;
 * - `capped`: chosen by a rule, spared by the policy's caps, so a later sweep may take it;
 * - `spared`: its rule matched and leaves it, by keep, most or utilization.until;
 * - `protected`: its rule matched and a protection forbids;
 * - `no-rule`: no rule speaks of it.
 */
export type Verdict = 'terminate' | 'cancel' | 'reported' | 'capped' | 'spared' | 'protected' | 'no-rule';

/** A verdict with its rule and a sentence for people; names in the sentence are already harmless to print. */
export interface Decision {
  readonly session: Session;
  readonly verdict: Verdict;
  /** The rule that decided, or would have; null for `no-rule`. */
  readonly rule: string | null;
  /** The protection that forbade; null unless `protected`. */
  readonly protection: string | null;
  readonly reason: string;
}

/** One decision for every session of the snapshot: the chosen first, in the order in which they are to be ended. */
export interface Plan {
  readonly decisions: readonly Decision[];
}

/** A decision to act on a session. */
export type Chosen = Decision & { readonly verdict: 'terminate' | 'cancel' };

/** The decisions that are to be carried out, in order. */
export function chosenOf(plan: Plan): readonly Chosen[] {
  return plan.decisions.filter((decision): decision is Chosen => isChosen(decision));
}

function isChosen(decision: Decision): boolean {
  return decision.verdict === 'terminate' || decision.verdict === 'cancel';
}
