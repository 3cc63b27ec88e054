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
    if (simulations.length === 1) printPairs(screen, pairs);
  }
  if (simulations.length > 1) printOnce(screen, simulations);
}

/** Of many snapshots, each session once, as it was when it first fared differently, and the total. */
function printOnce(screen: Screen, simulations: readonly Simulation[]): void {
  const first = new Map<string, readonly [Decision, Decision]>();
  for (const pair of simulations.flatMap(toPairs))
    if (!first.has(keyOf(pair[0]))) first.set(keyOf(pair[0]), pair);
  screen.print('');
  printPairs(screen, [...first.values()]);
  const endedBy = (planOf: (simulation: Simulation) => Simulation['plan'] | null) =>
    new Set(
      simulations
        .flatMap((each) => planOf(each)?.decisions ?? [])
        .filter(isEnded)
        .map(keyOf),
    ).size;
  const [a, b] = [endedBy(({ plan }) => plan), endedBy(({ against }) => against)];
  screen.print(
    '',
    `In all ${simulations.length} snapshots: A ends ${a}, B ends ${b} different sessions; ${first.size} fare differently.`,
  );
}

function isEnded({ verdict }: Decision): boolean {
  return verdict === 'terminate' || verdict === 'cancel';
}

function keyOf({ session }: Decision): string {
  return `${session.id} ${session.identity.connection}`;
}

function printPairs(screen: Screen, pairs: readonly (readonly [Decision, Decision])[]): void {
  for (const [a, b] of pairs.slice(0, mostShown)) printPair(screen, a, b);
  if (pairs.length > mostShown)
    screen.print(screen.style.dim(`  … and ${pairs.length - mostShown} more; --json has all of them`));
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
