import type { GroupField, Rule } from '../../contract/policy.ts';
import { cleanText } from '../clean-text.ts';
import type { Session } from '../session.ts';
import { byTimeInState } from './order.ts';

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

/** Applies what counts: minimum, keep and most within each group, then `need`, the number that suffices over all of them. */
export function select(rule: Rule, sessions: readonly Session[], need: number): Selection {
  const spared: Left[] = [];
  const passed: Left[] = [];
  let rest: Session[] = [];
  for (const group of groupBy(sessions, rule.group)) {
    if (rule.minimum !== null && group.sessions.length < rule.minimum) {
      const reason = `${group.label} has ${group.sessions.length} such sessions, fewer than the minimum of ${rule.minimum}`;
      passed.push(...group.sessions.map((session) => ({ session, reason })));
      continue;
    }
    rest.push(...withinGroup(rule, group, spared));
  }
  rest = rest.sort(byTimeInState);
  const reason = 'ending those longer in their state already brings the server down to the wanted utilization';
  spared.push(...rest.slice(need).map((session) => ({ session, reason })));
  return { chosen: rest.slice(0, need), spared, passed };
}

interface Group {
  readonly label: string;
  readonly sessions: Session[];
}

function withinGroup(rule: Rule, group: Group, spared: Left[]): Session[] {
  const oldestFirst = group.sessions.sort(byTimeInState);
  const { kept, rest } = keep(rule, oldestFirst);
  const most = rule.most ?? rest.length;
  if (rule.keep) {
    const reason = `kept as one of the ${rule.keep.count} ${rule.keep.which} of ${group.label}`;
    spared.push(...kept.map((session) => ({ session, reason })));
  }
  const reason = `the rule ends at most ${most} of ${group.label} in one sweep`;
  spared.push(...rest.slice(most).map((session) => ({ session, reason })));
  return rest.slice(0, most);
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

/** Sessions by the fields of the group; one group of all where the rule names none. A field nobody could read is a value of its own. */
function groupBy(sessions: readonly Session[], fields: readonly GroupField[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const session of sessions) {
    const values = fields.map((field) => session[field]);
    const key = JSON.stringify(values);
    const group = groups.get(key);
    if (group) group.sessions.push(session);
    else groups.set(key, { label: labelOf(values), sessions: [session] });
  }
  return groups.values();
}

function labelOf(values: readonly (string | null)[]): string {
  if (values.length === 0) return 'the sessions that match';
  return `group ${values.map((value) => (value === null ? '(unknown)' : value === '' ? '(none)' : cleanText(value, 64))).join(' / ')}`;
}
