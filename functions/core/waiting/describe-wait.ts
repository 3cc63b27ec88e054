import { defangName, defangProse } from '../text/defang.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { ReportedRoot, ReportedSession, ReportedWait } from '../model/report.ts';
import { shorten } from '../text/clean-text.ts';

const longestStatement = 160;

/** Who waits for whom, as the object of a sentence: `session 4711 of user shop (application web) from 10.0.0.7`. */
export function nameRoots({ roots, rootCount, circle, table, what }: ReportedWait): string {
  if (roots.length === 0 && circle.length > 0) return `each other (sessions ${circle.join(', ')})`;
  if (roots.length === 0) return `${nameThing(what ?? 'a lock', table)}, and whose it is cannot be seen`;
  const more = rootCount > roots.length ? [`${rootCount - roots.length} more`] : [];
  return listOf([...roots.map(nameRoot), ...more]);
}

/** With the table, where the thing is a lock that may be on one: `a lock on shop.stock`. */
function nameThing(what: string, table: string | null): string {
  if (table === null) return what;
  const name = defangProse(table);
  return /^a lock(?: on a table)?$/.test(what) ? `a lock on ${name}` : `${what} (${name})`;
}

/** One sentence: how many wait, and for whom. */
export function titleOf(wait: ReportedWait): string {
  const verb = wait.isOver ? 'waited' : wait.sessions === 1 ? 'waits' : 'wait';
  return `${countOf(wait.sessions)} ${verb} for ${nameRoots(wait)}.`;
}

/** Since when, who, and in which state the roots are. */
export function evidenceOf(wait: ReportedWait): string {
  return [describeFirst(wait), describeWho(wait), ...wait.roots.map(describeRoot)].filter(Boolean).join(' ');
}

/** How long the first has waited: `2m 3s`, `at least 40s`, `an unknown time`. */
export function describeTime({ longestMs, isAtLeast }: ReportedWait): string {
  if (longestMs === null) return 'an unknown time';
  return `${isAtLeast ? 'at least ' : ''}${formatDuration(longestMs)}`;
}

/** What unleak does about it, and what prevents it. */
export function answerOf(wait: ReportedWait): string {
  if (wait.isOver) return 'None of them waits any more.';
  if (wait.roots.length === 0)
    return wait.circle.length > 0
      ? 'unleak ends none of them, since each waits: servers end such a circle by themselves, unless its locks are of several kinds.'
      : 'unleak ends no session for it: those who wait are not at fault, and the root is not known.';
  const answers = wait.roots.map(({ name, willEnd, why }) => {
    if (willEnd) return `${capitalize(why)}${wait.roots.length > 1 ? ` (${defangName(name)})` : ''}.`;
    const whom = wait.roots.length > 1 ? defangName(name) : 'it';
    return `unleak does not end ${whom}: ${why}.`;
  });
  return [...new Set(answers)].join(' ');
}

/** What people can do now. */
export function remedyOf(wait: ReportedWait): string {
  if (wait.isOver) return 'Nothing now; see why it was left open.';
  if (wait.roots.length > 0) return remedyOfRoots(wait);
  if (wait.circle.length > 0) return 'End one of them, the one whose work is done again most easily.';
  const suspects =
    wait.suspects.length === 0
      ? ''
      : ` Open transactions older than the wait, one of which may be it: ${sessionsOf(wait.suspects)}.`;
  const toSee = wait.toSee.length === 0 ? '' : ` To see the root: ${wait.toSee.join('; ')}.`;
  return `${wait.whereToFind}${suspects}${toSee}`;
}

function remedyOfRoots({ roots }: ReportedWait): string {
  const parts = roots.flatMap(({ remedies, caution }) => {
    if (remedies.length === 0) return [];
    return [`${remedies.join(' or, if that does not help, ')} (${caution})`];
  });
  if (parts.length === 0) return 'It is a process of the server itself: ask the DBA before ending it.';
  return `${parts.join('; then ')}.${roots.length > 1 ? ' All of them have to end.' : ''}`;
}

function nameRoot({ kind, name, user, session }: ReportedRoot): string {
  switch (kind) {
    case 'session':
      return session ? nameSession(session) : `session ${name}`;
    case 'absent':
      return `session ${name}, which unleak cannot see`;
    case 'prepared':
      return `the prepared transaction "${defangName(name)}"${user === null ? '' : ` of user ${defangName(user)}`}, which no session holds`;
    case 'xa':
      return `the XA branch ${defangName(name)}, which no session holds`;
  }
}

function nameSession({ id, user, application, client }: ReportedSession): string {
  const who = user === null ? 'an unknown user' : `user ${defangName(user)}`;
  const program = application ? ` (application ${defangName(application)})` : '';
  return `session ${id} of ${who}${program}${client ? ` from ${defangName(client)}` : ''}`;
}

function describeFirst(wait: ReportedWait): string {
  const { first, since, isAtLeast, sessions } = wait;
  const when = since === null ? '' : `, since ${isAtLeast ? 'before ' : ''}${toInstant(since)}`;
  const whom = first ? nameSession(first) : 'a session that unleak cannot see';
  const who = sessions === 1 ? capitalize(whom) : `The first, ${whom},`;
  const bound =
    wait.longestMs === null && first?.stateMs
      ? `; its statement runs for ${formatDuration(first.stateMs)}`
      : '';
  const text = first?.statement ? `: ${quote(first.statement)}` : '';
  return `${who} has waited for ${describeTime(wait)}${when}${bound}${text}.`;
}

function describeWho({ who, sessions }: ReportedWait): string {
  if (sessions === 1) return '';
  const parts = who.map(({ user, application, sessions: count }) => {
    const name = user === null ? 'an unknown user' : `user ${defangName(user)}`;
    return `${count} of ${name}${application ? ` (application ${defangName(application)})` : ''}`;
  });
  return `In the queue: ${listOf(parts)}.`;
}

function describeRoot({ kind, name, session, ageMs, awaited }: ReportedRoot): string {
  if (kind === 'absent') return '';
  if (!session)
    return ageMs === null
      ? 'It stays until somebody ends it, restarts included.'
      : `It was prepared ${formatDuration(ageMs)} ago and stays until somebody ends it, restarts included.`;
  const time = session.stateMs === null ? '' : ` for ${formatDuration(session.stateMs)}`;
  const last = session.statement
    ? `; its ${session.state === 'active' ? '' : 'last '}statement: ${quote(session.statement)}`
    : '';
  return `Session ${name} is ${session.state === 'active' ? 'at work' : (session.state ?? 'in an unknown state')}${time}${last}.${awaited === 'snapshot' ? ` Who waits for it needs no lock of it, but its transaction, and so its old snapshot, to end.` : ''}`;
}

function quote(statement: string): string {
  return defangProse(shorten(statement, longestStatement));
}

function toInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function countOf(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`;
}

function sessionsOf(ids: readonly string[]): string {
  return `${ids.length === 1 ? 'session' : 'sessions'} ${ids.join(', ')}`;
}

function listOf(words: readonly string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
