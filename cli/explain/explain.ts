import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { type Explanation, explain as explainPlan } from '../../functions/core/decide/explain.ts';
import type { Session } from '../../functions/core/model/session.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { logIn } from '../../functions/flow/log-in.ts';
import { defaultConfigFile } from '../target/configuration-file.ts';
import { demandAnswerable } from '../target/demand-answerable.ts';
import { type ChosenPolicy, choosePolicy } from '../target/policies.ts';
import { resolveTargetWithPolicy } from '../target/resolve-target.ts';
import type { ServerOptions } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type SnapshotName, toJsonDecision, toSnapshotName } from '../snapshots/decision-json.ts';
import { findSources } from '../snapshots/find-sources.ts';
import { readSnapshots } from '../snapshots/read-snapshots.ts';
import { createParts } from '../target/sweep-parts.ts';
import type { Console } from '../terminal/console.ts';
import { createOpenDeadline } from '../terminal/open-deadline.ts';
import { toJson } from '../terminal/to-json.ts';
import { UsageError } from '../usage-error.ts';
import { printExplanations } from './print-explanations.ts';

/** The options of `unleak explain`. */
export interface ExplainOptions extends ServerOptions {
  readonly snapshot?: readonly string[];
  readonly session?: string;
  readonly history?: string;
}

/** A snapshot to explain, and by which policy. */
interface Case {
  readonly name: SnapshotName;
  readonly snapshot: Snapshot;
  readonly policy: ChosenPolicy;
}

/** Explains the decision about each client session, or the one that is asked for; exit code 1 when there is no such session. */
export async function explain(
  target: string | undefined,
  options: ExplainOptions,
  console: Console,
): Promise<ExitCode> {
  const cases =
    options.snapshot || options.history
      ? await readCases(target, options, console)
      : [await lookForCase(target, options, console)];
  const explained = cases.map((each) => ({ ...each, explanations: explainCase(each, options.session) }));
  const { screen } = console;
  if (options.json)
    screen.print(
      toJson(explained.flatMap(({ name, explanations }) => explanations.map((e) => toStepsJson(e, name)))),
    );
  else
    for (const each of explained) printExplanations(screen, each.name, each.policy.label, each.explanations);
  const found = explained.some(({ explanations }) => explanations.length > 0);
  if (found || options.session === undefined) return exitCodes.fine;
  screen.progress(`There is no session ${cleanText(options.session, 40)}.`);
  return exitCodes.no;
}

function explainCase({ snapshot, policy }: Case, id: string | undefined): readonly Explanation[] {
  const isWanted = (session: Session) => (id === undefined ? true : session.id === id);
  return explainPlan(snapshot, expandPolicy(policy.policy, snapshot.engine), isWanted);
}

async function readCases(
  target: string | undefined,
  options: ExplainOptions,
  console: Console,
): Promise<Case[]> {
  if ((target !== undefined && !options.history) || options.url !== undefined)
    throw new UsageError('Either a target or --snapshot: a saved snapshot needs no server.');
  const file = options.config ?? defaultConfigFile;
  const policy = await choosePolicy(options.policy ?? file, file);
  const filed = await readSnapshots(await findSources({ ...options, target }, console));
  for (const { file: where, snapshot } of filed) demandAnswerable(policy, where, snapshot.engine);
  return filed.map((each) => ({ name: toSnapshotName(each), snapshot: each.snapshot, policy }));
}

async function lookForCase(
  target: string | undefined,
  options: ExplainOptions,
  console: Console,
): Promise<Case> {
  const resolved = await resolveTargetWithPolicy(target, options, console);
  const { control } = await logIn(
    resolved.target,
    createParts(resolved, createOpenDeadline(console.interrupted)),
  );
  try {
    const snapshot = await control.snapshot();
    const name = { file: null, takenAt: snapshot.takenAt };
    return { name, snapshot, policy: resolved.policy };
  } finally {
    await control.close();
  }
}

/** A decision as simulate gives it, with what was asked on the way to it. */
function toStepsJson({ decision, protections, rules }: Explanation, name: SnapshotName) {
  return { ...toJsonDecision(decision, name), protections, rules };
}
