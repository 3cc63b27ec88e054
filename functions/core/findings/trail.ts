import { cleanText } from '../clean-text.ts';
import type { Session } from '../session.ts';

const mostStatements = 2;
const mostProcesses = 3;
/** They end the work of a session and tell nothing about it. */
const saysNothing = /^(?:COMMIT|ROLLBACK|BEGIN)\b/i;

/** Where in the code to look, as the end of a sentence: the last statements, and on MySQL the client's processes. */
export function describeTrail(sessions: readonly Session[]): string {
  return `${lastStatements(sessions)}${processes(sessions)}`;
}

function lastStatements(sessions: readonly Session[]): string {
  const known = count(sessions.map(({ statement }) => statement));
  const telling = known.filter(([statement]) => !saysNothing.test(statement));
  const shown = (telling.length > 0 ? telling : known).slice(0, mostStatements);
  if (shown.length === 0) return '';
  const told = shown.map(
    ([statement, times]) => `${cleanText(statement, 100)}${ofMany(times, known.length)}`,
  );
  return `; last ${shown.length === 1 ? 'statement' : 'statements'}: ${told.join(', ')}`;
}

function processes(sessions: readonly Session[]): string {
  const known = count(sessions.map(({ attributes }) => attributes['_pid'] ?? null));
  if (known.length === 0) return '';
  const shown = known
    .slice(0, mostProcesses)
    .map(([pid, times]) => `${cleanText(pid, 20)}${ofMany(times, known.length)}`);
  const more = known.length > mostProcesses ? ` and ${known.length - mostProcesses} more` : '';
  return `; on the client's host: ${known.length === 1 ? 'process' : 'processes'} ${shown.join(', ')}${more}`;
}

function ofMany(times: number, kinds: number): string {
  return kinds === 1 ? '' : ` (${times})`;
}

/** How often each value came, the most frequent first. */
function count(values: readonly (string | null)[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
