import type { GroupField, Rule } from '../../contract/rule.ts';
import { cleanText } from '../text/clean-text.ts';
import type { Session } from '../model/session.ts';
import { fieldOf } from './field-of.ts';
import { byTimeInState } from '../model/session-order.ts';

/** How a rule divides the sessions that meet its conditions. */
export interface Selection {
  /** To be ended, longest in its state first. */
  readonly chosen: readonly Session[];
  /** Left by this rule, and not offered to later ones. */
  readonly spared: readonly Left[];
  /** In a group too small for this rule: later rules may still take them. */
  readonly passed: readonly Left[];
}

/** A session that a rule leaves, and why. */
export interface Left {
  readonly session: Session;
  readonly reason: string;
}

/** Whether a rule may match a session and yet leave it alone, only report it, or only cancel its statement. */
export function mayBeMild(rule: Rule): boolean {
  const limited = rule.keep !== null || rule.most !== null || (rule.utilization?.until ?? null) !== null;
  return limited || rule.action !== 'terminate';
}

/**
 * Applies what counts: minimum, keep and most within each group, then `enough`, which takes no more than the utilization asks for.
 * What spares counts by user where the rule names no group, so that nobody's sessions take the places of another's.
 */
export function select(rule: Rule, sessions: readonly Session[], enough: Enough = takeAll): Selection {
  const groups = groupBy(sessions, rule.group.length > 0 ? rule.group : ['user']);
  const parts = groups.map((group) => selectWithin(rule, group));
  const rest = parts.flatMap(({ chosen }) => chosen).sort(byTimeInState);
  const most = rule.group.length > 0 ? rest : rest.slice(0, rule.most ?? rest.length);
  const tooMany = `the rule ends at most ${rule.most ?? 0} in one sweep`;
  const { chosen, left } = enough(most);
  return {
    chosen,
    spared: [...parts.flatMap(({ spared }) => spared), ...leave(rest.slice(most.length), tooMany), ...left],
    passed: parts.flatMap(({ passed }) => passed),
  };
}

/** Of sessions longest in their state first, those that suffice. */
export type Enough = (sessions: readonly Session[]) => {
  readonly chosen: readonly Session[];
  readonly left: readonly Left[];
};

const takeAll: Enough = (sessions) => ({ chosen: sessions, left: [] });

interface Group {
  readonly label: string;
  readonly sessions: Session[];
}

function selectWithin(rule: Rule, { label, sessions }: Group): Selection {
  if (rule.minimum !== null && sessions.length < rule.minimum) {
    const tooFew = `only ${sessions.length} among ${label}, fewer than the minimum of ${rule.minimum}`;
    return { chosen: [], spared: [], passed: leave(sessions, tooFew) };
  }
  const { kept, rest } = keep(rule, [...sessions].sort(byTimeInState));
  const most = rule.group.length > 0 ? (rule.most ?? rest.length) : rest.length; // without a group over all
  const keptAs = `kept as one of the ${rule.keep?.count ?? 0} ${rule.keep?.which ?? ''} of ${label}`;
  const tooMany = `the rule ends at most ${most} of ${label} in one sweep`;
  return {
    chosen: rest.slice(0, most),
    spared: [...leave(kept, keptAs), ...leave(rest.slice(most), tooMany)],
    passed: [],
  };
}

function leave(sessions: readonly Session[], reason: string): Left[] {
  return sessions.map((session) => ({ session, reason }));
}

/** Newest and oldest are by time in the state, the one age that every engine knows. */
function keep(
  rule: Rule,
  oldestFirst: readonly Session[],
): { kept: readonly Session[]; rest: readonly Session[] } {
  if (!rule.keep) return { kept: [], rest: oldestFirst };
  const { which, count } = rule.keep;
  if (which === 'oldest') return { kept: oldestFirst.slice(0, count), rest: oldestFirst.slice(count) };
  const border = Math.max(0, oldestFirst.length - count);
  return { kept: oldestFirst.slice(border), rest: oldestFirst.slice(0, border) };
}

/** Sessions by the fields of the group. A field nobody could read is a value of its own. */
function groupBy(sessions: readonly Session[], fields: readonly GroupField[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const session of sessions) {
    const values = fields.map((field) => fieldOf(session, field));
    const key = JSON.stringify(values);
    const group = groups.get(key);
    if (group) group.sessions.push(session);
    else groups.set(key, { label: `group ${values.map(toLabel).join(' / ')}`, sessions: [session] });
  }
  return [...groups.values()];
}

function toLabel(value: string | null): string {
  return value === null ? '(unknown)' : value === '' ? '(none)' : cleanText(value, 64);
}
