import type { Rule } from '../../../contract/rule.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { Session } from '../../model/session.ts';
import type { CompiledRule } from '../compiled-rule.ts';
import type { Match } from '../match.ts';

/** What a rule can ask of one session by itself, by the key that asks it. */
export type ConditionName =
  | 'state'
  | 'for'
  | 'open'
  | 'transaction'
  | 'blocking'
  | 'waiting'
  | 'waitingForClient'
  | 'unused'
  | 'match'
  | 'except'
  | 'group';

/** One thing that a rule asks of a session, with its words. A condition that the rule does not ask for says yes. */
export interface Condition {
  readonly name: ConditionName;
  /** What "could not be read" where the answer is unknown. */
  readonly subject: string;
  readonly ask: (compiled: CompiledRule, session: Session) => Match;
  /** Why the answer is no. */
  readonly describeMiss: (compiled: CompiledRule, session: Session) => Miss;
  /** What the reason of a chosen session says of it; null where there is nothing to say. */
  readonly describeMatch: (rule: Rule, session: Session) => string | null;
}

/** What was measured (milliseconds or text), what was asked for, and both in a sentence. */
export interface Miss {
  readonly measured: number | string | null;
  readonly threshold: number | string | null;
  readonly says: string;
}

/** Whether a value reaches its threshold; yes where none is asked for, unknown where the value is. */
export function atLeast(value: number | null, threshold: number | null): Match {
  if (threshold === null) return 'yes';
  return value === null ? 'unknown' : value >= threshold ? 'yes' : 'no';
}

/** A duration that is less than what was asked for. */
export function tooShort(what: string, measured: number | null, threshold: number | null): Miss {
  const limit = formatDuration(threshold ?? 0);
  return { measured, threshold, says: `${what} ${formatDuration(measured ?? 0)}, less than ${limit}` };
}

/** A measured duration beside its limit: `12m (limit 10m)`. */
export function withLimit(valueMs: number | null, limitMs: number): string {
  return `${formatDuration(valueMs ?? 0)} (limit ${formatDuration(limitMs)})`;
}
