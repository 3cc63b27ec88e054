import { formatDuration } from '../../text/format-duration.ts';
import type { Verdict } from '../../model/plan.ts';
import type { Report, ReportedDecision, ReportedGroup, ReportedWait } from '../../model/report.ts';
import { describeTags } from '../../text/describe-tags.ts';
import { countOf } from '../../text/count-of.ts';
import { toProse } from '../../text/to-line.ts';
import { toName, unbroken } from '../../text/to-name.ts';
import { queueBehind } from '../../waiting/queue-behind.ts';
import { bullet, quote, under } from '../../text/wrap-text.ts';
import { firstFew } from './first-few.ts';
import type { Section } from './section.ts';
import { toStateWords, whoOf } from './session-words.ts';

const mostGroups = 12;
const longestStatement = 200;
const longestCode = 160;

/** The verdicts on the sessions that a group counts. */
const takers: readonly Verdict[] = ['terminate', 'cancel', 'reported', 'capped'];

/** Who leaks: one item for each user, application, client, database and rule, the largest first. */
export function whoLeaks({ groups, decisions, waiting }: Report): Section {
  const { shown, hidden } = firstFew(groups, mostGroups);
  const lines = shown.flatMap((group) => describeGroup(group, decisions, waiting));
  if (hidden > 0) lines.push(...bullet(rest(groups.slice(mostGroups))));
  return { heading: 'WHO LEAKS', lines };
}

function rest(groups: readonly ReportedGroup[]): string {
  const sessions = groups.reduce((sum, group) => sum + group.sessions, 0);
  return `${countOf(groups.length, 'smaller group')} more, ${countOf(sessions, 'session')} together`;
}

function describeGroup(
  group: ReportedGroup,
  decisions: readonly ReportedDecision[],
  waits: readonly ReportedWait[],
): string[] {
  const members = decisions.filter((decision) => isMember(decision, group));
  const lines = bullet(`${unbroken(countOf(group.sessions, 'session'))} of ${whoOf(group)}`);
  lines.push(
    ...under(
      `${stateOf(group, members)}; rule ${toName(group.rule)}${onlyReported(members)}${blockingOf(members, waits)}`,
    ),
  );
  const code = describeTags(group.tags ?? {});
  if (code) lines.push(...under(`Last used by ${unbroken(toProse(code, longestCode))}`));
  if (group.statement) lines.push(...quote('Last statement:', toProse(group.statement, longestStatement)));
  return lines;
}

function isMember({ session, rule, verdict }: ReportedDecision, group: ReportedGroup): boolean {
  return (
    takers.includes(verdict) &&
    rule === group.rule &&
    session.user === group.user &&
    session.application === group.application &&
    session.client === group.client &&
    session.database === group.database
  );
}

function stateOf(group: ReportedGroup, members: readonly ReportedDecision[]): string {
  const states = [...new Set(members.map(({ session }) => session.state))];
  const [state] = states;
  const words = states.length === 1 && state ? capitalize(toStateWords(state)) : 'In their state';
  const upTo = group.sessions === 1 ? 'for' : 'for up to';
  return unbroken(`${words} ${upTo} ${formatDuration(group.longestMs)}`);
}

function onlyReported(members: readonly ReportedDecision[]): string {
  return members[0]?.verdict === 'reported' ? ', which only reports' : '';
}

function capitalize(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

/** The whole queue, as the section of those who wait counts it; where that is no news yet, those who wait directly. */
function blockingOf(members: readonly ReportedDecision[], waits: readonly ReportedWait[]): string {
  const ids = new Set(members.map(({ session }) => session.id));
  const direct = new Set(members.flatMap(({ session }) => session.blocks)).size;
  const waiting = queueBehind(waits, ids) || direct;
  return waiting === 0 ? '' : `; keeping ${countOf(waiting, 'other session')} waiting`;
}
