import type { ReportedDecision } from '../../functions/core/report.ts';
import type { Screen } from './screen.ts';
import { wrap } from './wrap.ts';

const words = {
  terminate: 'end',
  cancel: 'cancel',
  capped: 'capped',
  spared: 'spare',
  protected: 'protect',
  'no-rule': 'leave',
};

/** Each decision: what, whom, by which rule and why, in the plan's order; every text in a report is harmless to print. */
export function printDecisions(screen: Screen, decisions: readonly ReportedDecision[]): void {
  for (const { session, verdict, rule, reason } of decisions) {
    const what = words[verdict].padEnd(8);
    const who = `${session.id.padStart(7)}  ${(session.application || session.user || 'unknown').padEnd(13)}`;
    const [first = '', ...rest] = wrap(`${rule ?? ''}: ${reason}`, 64);
    screen.print(`  ${color(screen, verdict)(what)}${who} ${first}`);
    for (const line of rest) screen.print(`${' '.repeat(33)}${line}`);
  }
}

function color({ style }: Screen, verdict: ReportedDecision['verdict']): (text: string) => string {
  switch (verdict) {
    case 'terminate':
    case 'cancel':
      return style.red;
    case 'protected':
      return style.green;
    case 'capped':
    case 'spared':
      return style.yellow;
    case 'no-rule':
      return style.dim;
  }
}
