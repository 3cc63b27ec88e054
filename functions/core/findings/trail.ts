import { cleanText } from '../text/clean-text.ts';
import { defangName, defangProse } from '../text/defang.ts';
import { describeTags } from '../text/describe-tags.ts';
import { lineInName } from './program-name.ts';
import { saysLittle } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';

const mostStatements = 2;
const mostProcesses = 3;
const mostUsers = 3;

/** Where in the code to look, as the end of a sentence: the last statements, and on MySQL the client's processes. */
export function describeTrail(sessions: readonly Session[]): string {
  return `${lastUsers(sessions)}${lastStatements(sessions)}${processes(sessions)}`;
}

/** The code that used them last, as far as it says so: in the tags of its statement or in its name. */
function lastUsers(sessions: readonly Session[]): string {
  const known = count(sessions.map(nameCode));
  if (known.length === 0) return '';
  const shown = known
    .slice(0, mostUsers)
    .map(([code, times]) => `${defangProse(cleanText(code, 160))}${ofMany(times, sessions.length)}`);
  const more = known.length > mostUsers ? ` and ${known.length - mostUsers} more` : '';
  return `; last used by ${shown.join('; ')}${more}`;
}

/** Where a session's work was in the program, in words; null where neither tags nor name tell. */
export function nameCode({ tags, application }: Session): string | null {
  const line = lineInName(application);
  return describeTags(tags) || (line && `line ${line}`);
}

function lastStatements(sessions: readonly Session[]): string {
  const known = count(sessions.map(({ statement }) => statement));
  const rankOf = ([statement]: readonly [string, number]) => Number(saysLittle(statement));
  const shown = known.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, mostStatements);
  if (shown.length === 0) return '';
  const state = shown.map(
    ([text, times]) => `${defangProse(cleanText(text, 100))}${ofMany(times, sessions.length)}`,
  );
  return `; last ${shown.length === 1 ? 'statement' : 'statements'}: ${state.join(', ')}`;
}

function processes(sessions: readonly Session[]): string {
  const known = count(sessions.map(({ attributes }) => attributes['_pid'] ?? null));
  if (known.length === 0) return '';
  const shown = known
    .slice(0, mostProcesses)
    .map(([pid, times]) => `${defangName(cleanText(pid, 20))}${ofMany(times, sessions.length)}`);
  const more = known.length > mostProcesses ? ` and ${known.length - mostProcesses} more` : '';
  return `; on the client's host: ${known.length === 1 ? 'process' : 'processes'} ${shown.join(', ')}${more}`;
}

function ofMany(times: number, all: number): string {
  return times === all ? '' : ` (${times} of ${all})`;
}

/** How often each value came, the most frequent first. */
function count(values: readonly (string | null)[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
