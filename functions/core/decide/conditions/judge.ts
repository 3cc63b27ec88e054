import type { Rule } from '../../../contract/rule.ts';
import type { Session } from '../../model/session.ts';
import type { CompiledRule } from '../compiled-rule.ts';
import { blocking } from './blocking.ts';
import type { Condition, ConditionName, Miss } from './condition.ts';
import { except } from './except.ts';
import { forTime } from './for.ts';
import { group } from './group.ts';
import { match } from './match.ts';
import { open } from './open.ts';
import { state } from './state.ts';
import { transaction } from './transaction.ts';
import { unused } from './unused.ts';
import { waitingForClient } from './waiting-for-client.ts';
import { waiting } from './waiting.ts';

/** All conditions, in the order in which they are asked and told: the cheapest first. */
export const conditions: readonly Condition[] = [
  state,
  forTime,
  open,
  transaction,
  blocking,
  waiting,
  waitingForClient,
  unused,
  match,
  except,
  group,
];

/** Whether a rule's conditions hold for a session, and if not, which one failed or hangs on a fact nobody could read. */
export type Judgement =
  { readonly answer: 'yes' } | { readonly answer: 'no' | 'unknown'; readonly condition: ConditionName };

/** Judges one session by one rule; a condition that fails outweighs a fact that is missing. */
export function judge(rule: CompiledRule, session: Session): Judgement {
  let unknown: ConditionName | null = null;
  for (const { name, ask } of conditions) {
    const answer = ask(rule, session);
    if (answer === 'no') return { answer, condition: name };
    if (answer === 'unknown') unknown ??= name;
  }
  return unknown === null ? { answer: 'yes' } : { answer: 'unknown', condition: unknown };
}

/** Why a rule's conditions hold for a session: measured values beside the thresholds. */
export function describeMatch(rule: Rule, session: Session): string {
  return conditions
    .map(({ describeMatch }) => describeMatch(rule, session))
    .filter((words) => words !== null)
    .join(', ');
}

/** Why a rule did not take a session: the condition, what was measured, what was asked for, and a sentence. */
export interface Measurement extends Miss {
  /** Null where all conditions hold. */
  readonly condition: ConditionName | 'utilization' | 'minimum' | null;
}

/** Describes the condition that failed, or that hangs on a fact nobody could read. */
export function describeCondition(
  judgement: { readonly condition: ConditionName; readonly answer: 'no' | 'unknown' },
  compiled: CompiledRule,
  session: Session,
): Measurement {
  const asked = conditions.find(({ name }) => name === judgement.condition) ?? state;
  const miss = asked.describeMiss(compiled, session);
  if (judgement.answer === 'no') return { condition: asked.name, ...miss };
  const says = `${asked.subject} could not be read; when in doubt, it is left alone`;
  return { condition: asked.name, measured: null, threshold: miss.threshold, says };
}
