import type { Tags } from '../contract/tag-names.ts';
import { groupBy } from './group-by.ts';
import { describeTags, hasTags } from './text/describe-tags.ts';
import type { Decision } from './model/plan.ts';
import type { Session } from './model/session.ts';

/** Sessions that one rule took of one user, application, client and database: the unit in which people hear who leaks. */
export interface ChosenGroup {
  readonly rule: string;
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
  readonly database: string | null;
  readonly sessions: readonly Session[];
}

/** The sessions a rule chose or reports, those the caps spared included, by who opened them; largest groups first. */
export function groupChosen(decisions: readonly Decision[]): readonly ChosenGroup[] {
  const groups = new Map<string, ChosenGroup & { readonly sessions: Session[] }>();
  for (const { session, rule, verdict } of decisions) {
    if (rule === null || !['terminate', 'cancel', 'reported', 'capped'].includes(verdict)) continue;
    const { user, application, client, database } = session;
    const key = JSON.stringify([rule, user, application, client, database]);
    const group = groups.get(key);
    if (group) group.sessions.push(session);
    else groups.set(key, { rule, user, application, client, database, sessions: [session] });
  }
  // Map keeps the plan's order, which does not depend on the server's; sort is stable.
  return [...groups.values()].sort((a, b) => b.sessions.length - a.sessions.length);
}

/** The longest time in state of a group's sessions, in milliseconds. */
export function longestMs(sessions: readonly Session[]): number {
  return sessions.reduce((longest, session) => Math.max(longest, session.stateMs ?? 0), 0);
}

/** Whether a statement only begins or ends the work of a session, and so tells nobody where to look. */
export function saysLittle(statement: string): boolean {
  return /^\s*(?:COMMIT|ROLLBACK|BEGIN|START TRANSACTION|SET autocommit)\b/i.test(statement);
}

/** The tags that most of the sessions wrote who wrote any, as one of them wrote them; null where nobody did. */
export function commonTags(sessions: readonly Session[]): Tags | null {
  const tagged = sessions.filter(({ tags }) => hasTags(tags));
  const [most] = [...groupBy(tagged, ({ tags }) => describeTags(tags) || JSON.stringify(tags)).values()].sort(
    (a, b) => b.length - a.length,
  );
  return most?.[0]?.tags ?? null;
}

/** The statement most of the sessions ran last, of those that say something where there is one; null when none is known. */
export function commonStatement(sessions: readonly Session[]): string | null {
  const counts = new Map<string, number>();
  for (const { statement } of sessions)
    if (statement) counts.set(statement, (counts.get(statement) ?? 0) + 1);
  const ranked = [...counts].sort(
    ([a, ofA], [b, ofB]) => Number(saysLittle(a)) - Number(saysLittle(b)) || ofB - ofA || (a < b ? -1 : 1),
  );
  return ranked[0]?.[0] ?? null;
}
