import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Decision } from '../../functions/core/model/plan.ts';
import { toDecision } from '../../functions/core/to-report.ts';
import { describeSession, toWord } from '../terminal/print-decisions.ts';
import type { Screen } from '../terminal/screen.ts';
import { wrap } from '../terminal/wrap.ts';
import { countVerdicts } from './count-verdicts.ts';
import { describeServer, type Simulation } from './simulation.ts';

const mostShown = 30;

/** Who fares differently under a second policy, and why, snapshot by snapshot. */
export function printComparison(
  screen: Screen,
  simulations: readonly Simulation[],
  policy: string,
  against: string,
): void {
  const { bold } = screen.style;
  screen.print(bold(`A  ${cleanText(policy)}`), bold(`B  ${cleanText(against)}`));
  for (const simulation of simulations) {
    const pairs = toPairs(simulation);
    const ended = (plan: Simulation['plan'] | null) => (plan ? countVerdicts(plan).terminate : 0);
    const counts = `A ends ${ended(simulation.plan)}, B ends ${ended(simulation.against)}; ${pairs.length} of ${simulation.plan.decisions.length} sessions fare differently.`;
    screen.print('', `${cleanText(simulation.file)} (${describeServer(simulation.snapshot)}): ${counts}`);
    for (const [a, b] of pairs.slice(0, mostShown)) printPair(screen, a, b);
    if (pairs.length > mostShown)
      screen.print(screen.style.dim(`  … and ${pairs.length - mostShown} more; --json has all of them`));
  }
}

function toPairs({ plan, against }: Simulation): (readonly [Decision, Decision])[] {
  const other = new Map(against?.decisions.map((decision) => [decision.session.id, decision]));
  return plan.decisions.flatMap((decision) => {
    const second = other.get(decision.session.id);
    return second && second.verdict !== decision.verdict ? [[decision, second] as const] : [];
  });
}

function printPair(screen: Screen, a: Decision, b: Decision): void {
  screen.print(`  ${a.session.id}  ${describeSession(toDecision(a).session)}`);
  for (const [letter, { verdict, rule, reason }] of [
    ['A', a],
    ['B', b],
  ] as const) {
    const [first = '', ...rest] = wrap(rule === null ? reason : `${rule}: ${reason}`, screen.columns - 16);
    screen.print(
      `    ${letter} ${toWord(screen, verdict, 8)} ${first}`,
      ...rest.map((line) => `${' '.repeat(15)}${line}`),
    );
  }
}
