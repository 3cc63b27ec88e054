import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { defaultConfigFile } from '../target/configuration-file.ts';
import { demandAnswerable } from '../target/demand-answerable.ts';
import { type ChosenPolicy, choosePolicy } from '../target/policies.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type FiledSnapshot, readSnapshots } from '../snapshots/read-snapshots.ts';
import { findSources } from '../snapshots/find-sources.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import { printComparison } from './print-comparison.ts';
import { printOverTime } from './print-over-time.ts';
import { printSimulation } from './print-simulation.ts';
import type { Simulation } from './simulation.ts';
import { toDecisionJson, toPairJson } from './simulation-json.ts';

/** The options of `unleak simulate`. */
export interface SimulateOptions {
  readonly policy?: string;
  readonly against?: string;
  readonly snapshot?: readonly string[];
  readonly history?: string;
  readonly target?: string;
  readonly config?: string;
  readonly json?: true;
}

/** Decides about saved snapshots by the engine that the Lambda uses. */
export async function simulate(options: SimulateOptions, console: Console): Promise<ExitCode> {
  const { screen } = console;
  const file = options.config ?? defaultConfigFile;
  const policy = await choosePolicy(options.policy ?? file, file);
  const against = options.against === undefined ? null : await choosePolicy(options.against, file);
  const snapshots = await readSnapshots(await findSources(options, console));
  const simulations = snapshots.map((filed) => simulateOne(filed, policy, against));
  if (options.json) screen.print(toJson(simulations.flatMap(against ? toPairJson : toDecisionJson)));
  else if (against) printComparison(screen, simulations, policy.label, against.label);
  else if (simulations.length === 1)
    for (const one of simulations) printSimulation(screen, one, policy.label);
  else printOverTime(screen, simulations, policy.label);
  return exitCodes.fine;
}

function simulateOne(filed: FiledSnapshot, policy: ChosenPolicy, against: ChosenPolicy | null): Simulation {
  const { file, snapshot } = filed;
  for (const each of against ? [policy, against] : [policy]) demandAnswerable(each, file, snapshot.engine);
  const planOf = ({ policy: written }: ChosenPolicy) =>
    decide(snapshot, expandPolicy(written, snapshot.engine));
  return { ...filed, plan: planOf(policy), against: against && planOf(against) };
}
