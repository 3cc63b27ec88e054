import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Explanation, RuleStep } from '../../functions/core/decide/explain.ts';
import { toDecision } from '../../functions/core/to-report.ts';
import type { SnapshotName } from '../snapshots/decision-json.ts';
import { describeSession, toWord } from '../terminal/print-decisions.ts';
import type { Screen } from '../terminal/screen.ts';
import { wrap } from '../terminal/wrap.ts';

const mostShown = 100;

/** Each decision with what was asked on the way to it; the server's own processes only when one is asked for. */
export function printExplanations(
  screen: Screen,
  { file, takenAt }: SnapshotName,
  policy: string,
  explanations: readonly Explanation[],
): void {
  const clients = explanations.filter(({ decision }) => decision.session.kind === 'client');
  const shown = clients.length > 0 ? clients : explanations;
  screen.print(
    screen.style.bold(
      `By ${cleanText(policy)}, ${file === null ? '' : `${cleanText(file)}, `}${cleanText(takenAt, 40)}`,
    ),
  );
  for (const explanation of shown.slice(0, mostShown)) printOne(screen, explanation);
  if (shown.length > mostShown)
    screen.print(
      '',
      screen.style.dim(`… and ${shown.length - mostShown} more; --json has all, --session one`),
    );
}

function printOne(screen: Screen, { decision, protections, rules }: Explanation): void {
  const { bold, dim } = screen.style;
  const { session } = toDecision(decision);
  screen.print('', `${bold(session.id)}  ${describeSession(session)}`);
  const asked = protections.filter(({ applies }) => !applies).map(({ name }) => name);
  const found = protections.find(({ applies }) => applies);
  const none = `none of ${asked.join(', ')}`;
  const says = found ? `${found.name}: ${found.reason ?? ''}` : none;
  printLine(screen, 'protections', found && asked.length > 0 ? `${says} (${none})` : says);
  for (const step of rules) printLine(screen, step.rule, toSentence(step), dim);
  const { rule, reason } = decision;
  const [first = '', ...rest] = wrap(rule === null ? reason : `${rule}: ${reason}`, screen.columns - 14);
  screen.print(
    `  = ${toWord(screen, decision.verdict, 8)}${first}`,
    ...rest.map((line) => `${' '.repeat(12)}${line}`),
  );
}

function toSentence({ answer, condition, says }: RuleStep): string {
  switch (answer) {
    case 'matched':
      return `matches: ${says}`;
    case 'no':
      return `no, ${condition ?? ''}: ${says}`;
    case 'unknown':
      return `unknown, ${condition ?? ''}: ${says}`;
    case 'too few':
      return `no, ${says}`;
    case 'not in force':
      return `not in force: ${says}`;
  }
}

function printLine(screen: Screen, name: string, text: string, style = (line: string) => line): void {
  const [first = '', ...rest] = wrap(text, screen.columns - 22);
  screen.print(`    ${style(name.padEnd(16))} ${first}`, ...rest.map((line) => `${' '.repeat(21)}${line}`));
}
