import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { parseSnapshotFile } from '../../functions/contract/snapshot-file.ts';
import type { ReadRecord } from '../../functions/contract/sweep-record.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { type History, observe } from '../../functions/core/history/history.ts';
import { chosenOf } from '../../functions/core/model/plan.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import type { Outcome } from '../../functions/core/verify.ts';
import { toSnapshot } from '../snapshots/to-snapshot.ts';
import { demandAnswerable } from '../target/demand-answerable.ts';
import type { ChosenPolicy } from '../target/policies.ts';

/** What the ledger would hold if sweeps had decided by a policy, at the moments of which there is a snapshot. */
export function replay(records: readonly ReadRecord[], policy: ChosenPolicy, empty: History): History {
  return records.reduce((history, record) => replayOne(history, record, policy), empty);
}

function replayOne(history: History, record: ReadRecord, chosenPolicy: ChosenPolicy): History {
  const parsed = record.snapshot === null ? null : parseSnapshotFile(record.snapshot);
  if (parsed?.ok !== true) return history;
  const before = toSnapshot(parsed.value);
  demandAnswerable(chosenPolicy, record.report.target.name, before.engine);
  const plan = decide(before, expandPolicy(chosenPolicy.policy, before.engine));
  return observe(history, {
    sweepId: record.sweepId,
    atMs: Date.parse(record.at),
    mode: 'dry-run',
    policy: chosenPolicy.label,
    before,
    chosen: chosenOf(plan),
    outcomes: endedIn(record, before),
  }).history;
}

/** What the sweep really ended is gone by its hand under any policy. */
function endedIn({ report }: ReadRecord, { sessions }: Snapshot): readonly Outcome[] {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return report.outcomes.flatMap(({ id, rule, result }) => {
    const session = byId.get(id);
    return session && result === 'terminated'
      ? [{ session, rule, result: 'terminated', code: null } as const]
      : [];
  });
}
