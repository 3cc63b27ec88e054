import { emptyHistory } from '../../functions/core/history/history.ts';
import { judgeProof } from '../../functions/core/history/judge-proof.ts';
import { prove as proveBy } from '../../functions/core/history/proof.ts';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { openHistory } from '../store/open-history.ts';
import { listTargets, readHistory } from '../store/read-history.ts';
import { readRecords } from '../store/read-records.ts';
import { choosePolicy, type ChosenPolicy } from '../target/policies.ts';
import { defaultConfigFile } from '../target/configuration-file.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import { UsageError } from '../usage-error.ts';
import { findPolicyInForce } from './find-policy-in-force.ts';
import { printProof } from './print-proof.ts';
import { replay } from './replay.ts';
import type { PolicyProof, TargetProof } from './target-proof.ts';
import { toProofJson } from './proof-json.ts';

/** The options of `unleak prove`. */
export interface ProveOptions {
  readonly policy?: string;
  readonly since: number;
  readonly config?: string;
  readonly history?: string;
  readonly json?: true;
}

/** Whether policies may be enforced: exit code 0 where all are ready. */
export async function prove(
  name: string | undefined,
  options: ProveOptions,
  console: Console,
): Promise<ExitCode> {
  const store = await openHistory(options.history, console);
  const targets = name === undefined ? await listTargets(store, console.interrupted) : [name];
  if (targets.length === 0) throw new UsageError(`${store.where} remembers no target yet.`);
  const file = options.config ?? defaultConfigFile;
  const policy = options.policy === undefined ? null : await choosePolicy(options.policy, file);
  const proofs: TargetProof[] = [];
  for (const target of targets)
    proofs.push(
      await (policy
        ? proveOther(store, target, policy, options, console)
        : proveOwn(store, target, options, console)),
    );
  if (options.json)
    console.screen.print(toJson(proofs.length === 1 ? proofs.map(toProofJson)[0] : proofs.map(toProofJson)));
  else for (const each of proofs) printProof(console.screen, each);
  const areReady = proofs.every(({ proofs: [first] }) => first?.judgement.verdict === 'ready');
  return areReady ? exitCodes.fine : exitCodes.no;
}

/** What the ledger says of the policy by which the last sweeps decided. */
async function proveOwn(
  store: ObjectStore,
  target: string,
  { since }: ProveOptions,
  { interrupted }: Console,
): Promise<TargetProof> {
  const history = await readHistory(store, target, interrupted);
  const { followed, days } = history.ledger;
  const last = followed.at(-1) ?? days.at(-1);
  const nowMs = Date.now();
  const proof = proveBy(history, { sinceMs: nowMs - since, nowMs, policy: last?.policy ?? null });
  const label = last ? `the policy ${last.policy}` : 'the policy';
  return { target, proofs: [{ label, source: 'ledger', proof, judgement: judgeProof(proof) }] };
}

/** What a policy would have done on the recorded snapshots, and what the one in force would have. */
async function proveOther(
  store: ObjectStore,
  target: string,
  policy: ChosenPolicy,
  { since, config }: ProveOptions,
  { interrupted }: Console,
): Promise<TargetProof> {
  const nowMs = Date.now();
  const span = { from: toInstant(nowMs - since), to: toInstant(nowMs) };
  const { records } = await readRecords(store, target, span, interrupted);
  const inForce = await findPolicyInForce(config, target);
  const policies = inForce && inForce.label !== policy.label ? [policy, inForce] : [policy];
  const proofs = policies.map((each): PolicyProof => {
    const history = replay(records, each, emptyHistory);
    const proof = proveBy(history, { sinceMs: nowMs - since, nowMs, policy: null });
    return { label: each.label, source: 'snapshots', proof, judgement: judgeProof(proof) };
  });
  return { target, proofs };
}
