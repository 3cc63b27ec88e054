import type { Verdict } from '../../functions/core/model/plan.ts';
import type { ReportedDecision, ReportedOutcome } from '../../functions/core/model/report.ts';
import { formatDuration } from '../../functions/core/text/format-duration.ts';
import type { Result } from '../../functions/core/verify.ts';
import { type AlikeDecisions, groupAlikeDecisions } from './alike-decisions.ts';
import type { Screen } from './screen.ts';
import { wrap } from './wrap.ts';

const words: Readonly<Record<Verdict, string>> = {
  terminate: 'end',
  cancel: 'cancel',
  reported: 'report',
  capped: 'capped',
  spared: 'spare',
  protected: 'protect',
  'no-rule': 'leave',
};

const results: Readonly<Record<Result, string>> = {
  terminated: 'ended',
  cancelled: 'cancelled',
  'already gone': 'gone',
  changed: 'changed',
  late: 'late',
  refused: 'refused',
  survived: 'survived',
  'still running': 'running',
  skipped: 'skipped',
  unverified: 'unverified',
};

/** The longest word is `unverified`. */
const wordWidth = 11;
const mostOfName = 24;

/** A verdict as screens call it, in its colour and `width` characters wide. */
export function toWord({ style }: Screen, verdict: Verdict, width = 0): string {
  const word = words[verdict].padEnd(width);
  switch (verdict) {
    case 'terminate':
    case 'cancel':
      return style.red(word);
    case 'protected':
      return style.green(word);
    case 'reported':
    case 'capped':
    case 'spared':
      return style.yellow(word);
    case 'no-rule':
      return style.dim(word);
  }
}

/**
 * Each kind of decision: what, how many, whom, by which rule and why, in the plan's order; what became of the sessions stands in place of
 * the verdict where it is known. Every text in a report is harmless to print.
 */
export function printDecisions(
  screen: Screen,
  decisions: readonly ReportedDecision[],
  outcomes: readonly ReportedOutcome[] = [],
  most = Number.POSITIVE_INFINITY,
): void {
  const groups = groupAlikeDecisions(decisions, outcomes);
  const shown = groups.slice(0, most);
  const widths = {
    id: Math.max(5, ...shown.map((group) => toIds(group).length)),
    name: Math.max(5, ...shown.map(({ decisions: [first] }) => nameOf(first).length)),
  };
  for (const group of shown) printGroup(screen, group, widths);
  const more = groups.slice(most).reduce((sum, group) => sum + group.decisions.length, 0);
  if (more > 0) screen.print(screen.style.dim(`  … and ${more} more; --json has all of them`));
}

function printGroup(
  screen: Screen,
  group: AlikeDecisions,
  widths: { readonly id: number; readonly name: number },
): void {
  const [first] = group.decisions;
  const word =
    group.result === null ? toWord(screen, first.verdict, wordWidth) : toResult(screen, group.result);
  const who = `${toIds(group).padStart(widths.id)}  ${nameOf(first).padEnd(widths.name)}  `;
  const indent = 2 + wordWidth + who.length;
  const why = first.rule === null ? group.reason : `${first.rule}: ${group.reason}`;
  const [line = '', ...rest] = wrap(why, Math.max(20, screen.columns - indent));
  screen.print(`  ${word}${who}${line}`);
  for (const each of rest) screen.print(`${' '.repeat(indent)}${each}`);
}

function toResult({ style }: Screen, result: Result): string {
  const word = results[result].padEnd(wordWidth);
  const isDone = result === 'terminated' || result === 'cancelled' || result === 'already gone';
  return isDone ? style.green(word) : style.yellow(word);
}

/** `×7 9815…9833`: how many, with the first and the last of their ids. */
function toIds({ decisions }: AlikeDecisions): string {
  const [first] = decisions;
  const last = decisions.at(-1) ?? first;
  return decisions.length === 1
    ? first.session.id
    : `×${decisions.length} ${first.session.id}…${last.session.id}`;
}

function nameOf({ session }: ReportedDecision): string {
  return (session.application || session.user || 'unknown').slice(0, mostOfName);
}

/** A session in a few words: `shop / celery from 10.0.0.7, idle for 12m`. */
export function describeSession(session: ReportedDecision['session']): string {
  const names = [session.user ?? '(unknown)', session.application].filter(Boolean).join(' / ');
  const from = session.client ? ` from ${session.client}` : '';
  const age = session.stateMs === null ? '' : ` for ${formatDuration(session.stateMs)}`;
  return `${names}${from}, ${session.state ?? 'state unknown'}${age}`;
}
