import { formatDuration } from '../../functions/core/text/format-duration.ts';
import type { Verdict } from '../../functions/core/model/plan.ts';
import type { ReportedDecision } from '../../functions/core/model/report.ts';
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

/** Each decision: what, whom, by which rule and why, in the plan's order; every text in a report is harmless to print. */
export function printDecisions(
  screen: Screen,
  decisions: readonly ReportedDecision[],
  most = Number.POSITIVE_INFINITY,
): void {
  for (const { session, verdict, rule, reason } of decisions.slice(0, most)) {
    const who = `${session.id.padStart(7)}  ${nameOf(session).padEnd(13)}`;
    const [first = '', ...rest] = wrap(rule === null ? reason : `${rule}: ${reason}`, screen.columns - 36);
    screen.print(`  ${toWord(screen, verdict, 8)}${who} ${first}`);
    for (const line of rest) screen.print(`${' '.repeat(33)}${line}`);
  }
  const more = decisions.length - most;
  if (more > 0) screen.print(screen.style.dim(`  … and ${more} more; --json has all of them`));
}

function nameOf(session: ReportedDecision['session']): string {
  return (session.application || session.user || 'unknown').slice(0, 24);
}

/** A session in a few words: `shop / celery from 10.0.0.7, idle for 12m`. */
export function describeSession(session: ReportedDecision['session']): string {
  const names = [session.user ?? '(unknown)', session.application].filter(Boolean).join(' / ');
  const from = session.client ? ` from ${session.client}` : '';
  const age = session.stateMs === null ? '' : ` for ${formatDuration(session.stateMs)}`;
  return `${names}${from}, ${session.state ?? 'state unknown'}${age}`;
}
