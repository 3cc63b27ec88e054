import type { Rule, RuleState } from '../../contract/rule.ts';
import { formatDuration } from '../format-duration.ts';
import type { Session } from '../session.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { type Match, matchAnyField, matchSession } from './matcher.ts';

/** What a rule asks of one session by itself, in the order in which it is asked: the cheapest first. */
export const conditionNames = [
  'state',
  'for',
  'open',
  'transaction',
  'blocking',
  'unused',
  'match',
  'except',
] as const;
export type ConditionName = (typeof conditionNames)[number];

/** A connection whose last work ended within this time of connecting was never used again after its first work. */
export const firstWorkMs = 5_000;

/** Whether a rule's conditions hold for a session, and if not, which one failed or hangs on a fact nobody could read. */
export type Judgement =
  { readonly answer: 'yes' } | { readonly answer: 'no' | 'unknown'; readonly condition: ConditionName };

const conditions: Readonly<Record<ConditionName, (rule: CompiledRule, session: Session) => Match>> = {
  state: ({ rule }, { state }) => (state === null ? 'unknown' : includes(rule.states, state) ? 'yes' : 'no'),
  match: ({ match }, session) => matchOrNothing(matchSession(match, session)),
  except: ({ except }, session) => not(matchAnyField(except, session)),
  for: ({ rule }, session) => atLeast(session.stateMs, rule.forMs),
  open: ({ rule }, session) => atLeast(session.openMs, rule.openMs),
  transaction: ({ rule }, session) => atLeast(session.transactionMs, rule.transactionMs),
  blocking: ({ rule }, session) => (rule.blockingMs === null ? 'yes' : isBlocking(session, rule.blockingMs)),
  unused: ({ rule }, session) => (rule.unused ? atMost(workedMs(session), firstWorkMs) : 'yes'),
};

/** Judges one session by one rule; a condition that fails outweighs a fact that is missing. */
export function judge(rule: CompiledRule, session: Session): Judgement {
  let unknown: ConditionName | null = null;
  for (const condition of conditionNames) {
    const answer = conditions[condition](rule, session);
    if (answer === 'no') return { answer, condition };
    if (answer === 'unknown') unknown ??= condition;
  }
  return unknown === null ? { answer: 'yes' } : { answer: 'unknown', condition: unknown };
}

/** Milliseconds from connecting to the end of the last work; null where the engine does not tell. */
export function workedMs(session: Session): number | null {
  return session.openMs === null || session.stateMs === null ? null : session.openMs - session.stateMs;
}

/** Milliseconds the longest waiter has waited for this session; 0 when nobody waits, null when it cannot be known. */
export function longestWaitMs(session: Session): number | null {
  if (session.blocks === null) return null;
  const known = session.blocks.map((blocked) => blocked.waitingMs).filter((ms) => ms !== null);
  if (known.length === 0 && session.blocks.length > 0) return null;
  return known.reduce((longest, ms) => Math.max(longest, ms), 0);
}

/** Why a rule's conditions hold for a session: measured values beside the thresholds. */
export function describeMatch(rule: Rule, session: Session): string {
  const parts = [`${session.state ?? 'unknown'} for ${withLimit(session.stateMs, rule.forMs)}`];
  if (rule.openMs !== null) parts.push(`connected for ${withLimit(session.openMs, rule.openMs)}`);
  if (rule.transactionMs !== null)
    parts.push(`its transaction open for ${withLimit(session.transactionMs, rule.transactionMs)}`);
  if (rule.blockingMs !== null)
    parts.push(
      `keeps ${count(session.blocks?.length ?? 0)} waiting, the longest for ${withLimit(longestWaitMs(session), rule.blockingMs)}`,
    );
  if (rule.unused) parts.push(`never used again after its first ${formatDuration(workedMs(session) ?? 0)}`);
  return parts.join(', ');
}

function count(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`;
}

function withLimit(valueMs: number | null, limitMs: number): string {
  return `${formatDuration(valueMs ?? 0)} (limit ${formatDuration(limitMs)})`;
}

function includes(states: readonly RuleState[], state: string): boolean {
  return states.some((wanted) => wanted === state);
}

/** A field that could not be read matches nothing: it can only make a rule apply to fewer sessions. */
function matchOrNothing(match: Match): Match {
  return match === 'unknown' ? 'no' : match;
}

function not(match: Match): Match {
  return match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'unknown';
}

function atLeast(value: number | null, threshold: number | null): Match {
  if (threshold === null) return 'yes';
  return value === null ? 'unknown' : value >= threshold ? 'yes' : 'no';
}

function atMost(value: number | null, threshold: number): Match {
  return value === null ? 'unknown' : value <= threshold ? 'yes' : 'no';
}

/** One waiter whose time is unknown may have waited long enough, so it leaves a no open. */
function isBlocking({ blocks }: Session, thresholdMs: number): Match {
  if (blocks === null) return 'unknown';
  const answers = blocks.map((blocked) => atLeast(blocked.waitingMs, thresholdMs));
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}
