import type { Pattern } from '../../contract/pattern.ts';
import type { Rule } from '../../contract/rule.ts';
import { cleanText } from '../clean-text.ts';
import { formatDuration } from '../format-duration.ts';
import type { Session } from '../session.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { type ConditionName, firstWorkMs, longestWaitMs, workedMs } from './conditions.ts';
import { type CompiledMatcher, matchSession } from './matcher.ts';

/** Why a rule did not take a session: the condition, what was measured, what was asked for, and a sentence. */
export interface Measurement {
  /** Null where all conditions hold. */
  readonly condition: ConditionName | 'utilization' | 'minimum' | null;
  /** Milliseconds, a fraction of 1, or text; null where it could not be read. */
  readonly measured: number | string | null;
  readonly threshold: number | string | null;
  readonly says: string;
}

/** Describes the condition that failed, or that hangs on a fact nobody could read. */
export function describeCondition(
  { condition, answer }: { readonly condition: ConditionName; readonly answer: 'no' | 'unknown' },
  compiled: CompiledRule,
  session: Session,
): Measurement {
  const { measured, threshold, says } = describers[condition](compiled, session);
  if (answer === 'no') return { condition, measured, threshold, says };
  return {
    condition,
    measured: null,
    threshold,
    says: `${subjects[condition]} could not be read, and doubt spares`,
  };
}

type Described = Omit<Measurement, 'condition'>;
type Describer = (compiled: CompiledRule, session: Session) => Described;

const subjects: Readonly<Record<ConditionName, string>> = {
  state: 'its state',
  for: 'the time in its state',
  open: 'the age of its connection',
  transaction: 'the age of its transaction',
  blocking: 'how long others have waited for it',
  unused: 'how long it worked at first',
  match: 'a field to match',
  except: 'a field of `except`',
};

const describers: Readonly<Record<ConditionName, Describer>> = {
  state: ({ rule }, { state }) => ({
    measured: state,
    threshold: rule.states.join(' | '),
    says: `it is ${state ?? 'unknown'}, and the rule is for ${rule.states.join(' or ')}`,
  }),
  for: ({ rule }, { state, stateMs }) => tooShort(`${state ?? 'in its state'} for`, stateMs, rule.forMs),
  open: ({ rule }, { openMs }) => tooShort('connected for', openMs, rule.openMs),
  transaction: ({ rule }, { transactionMs }) =>
    tooShort('its transaction open for', transactionMs, rule.transactionMs),
  blocking: ({ rule }, session) =>
    session.blocks?.length === 0
      ? { measured: 0, threshold: rule.blockingMs, says: 'it keeps no session waiting' }
      : tooShort('others have waited for', longestWaitMs(session), rule.blockingMs),
  unused: (_compiled, session) => ({
    measured: workedMs(session),
    threshold: firstWorkMs,
    says: `used again ${formatDuration(workedMs(session) ?? 0)} after connecting (limit ${formatDuration(firstWorkMs)})`,
  }),
  match: ({ rule, match }, session) => describeMiss(rule, match, session),
  except: ({ rule, except }, session) => ({
    measured: valuesOf(session, except),
    threshold: except.map(([field]) => `${field}: ${toText(rule.except[field])}`).join(', '),
    says: `excepted: ${valuesOf(session, matchingFields(except, session))}`,
  }),
};

function tooShort(what: string, measured: number | null, threshold: number | null): Described {
  const limit = formatDuration(threshold ?? 0);
  return { measured, threshold, says: `${what} ${formatDuration(measured ?? 0)}, less than ${limit}` };
}

function describeMiss(rule: Rule, match: CompiledMatcher, session: Session): Described {
  const missed = match.find((entry) => matchSession([entry], session) !== 'yes') ?? match[0];
  const field = missed?.[0] ?? 'user';
  const wanted = toText(rule.match[field]);
  const value = session[field];
  if (value === null)
    return {
      measured: null,
      threshold: wanted,
      says: `its ${field} could not be read, so it does not match`,
    };
  const shown = value === '' ? '(none)' : cleanText(value, 64);
  return { measured: shown, threshold: wanted, says: `its ${field} ${shown} does not match ${wanted}` };
}

function matchingFields(matcher: CompiledMatcher, session: Session): CompiledMatcher {
  return matcher.filter((entry) => matchSession([entry], session) === 'yes');
}

function valuesOf(session: Session, matcher: CompiledMatcher): string {
  return matcher.map(([field]) => `${field} ${cleanText(session[field] ?? '(unknown)', 64)}`).join(', ');
}

/** Patterns as people wrote them. */
function toText(patterns: readonly Pattern[] | undefined): string {
  return cleanText((patterns ?? []).map(writePattern).join(' | '));
}

function writePattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'wildcard':
      return pattern.text;
    case 'expression':
      return `/${pattern.source}/${pattern.ignoreCase ? 'i' : ''}`;
    case 'network':
      return pattern.cidr;
  }
}
