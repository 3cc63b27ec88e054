import { setTimeout as wait } from 'node:timers/promises';
import type { Attempt } from '../core/model/attempt.ts';
import { type Fault, toFault } from '../core/model/fault.ts';
import type { Chosen } from '../core/model/plan.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import { survivors } from '../core/verify.ts';
import type { ControlConnection } from '../engines/engine.ts';
import type { Deadline } from './deadline.ts';

/** The second snapshot; null when it failed, with the fault. */
export interface SecondSnapshot {
  readonly after: Snapshot | null;
  readonly fault: Fault | null;
}

/** Pauses before each snapshot: sessions are gone within 30 ms (FACTS), and innodb_trx is stale when read more often than every 100 ms. */
const pausesMs = [60, 150, 300, 500, 1_000, 2_000] as const;

/** Takes snapshots until every signalled session is gone, for about four seconds at most: what is still there then has survived. */
export async function snapshotUntilGone(
  control: ControlConnection,
  chosen: readonly Chosen[],
  attempts: readonly Attempt[],
  deadline: Deadline,
): Promise<SecondSnapshot> {
  let after: Snapshot | null = null;
  try {
    for (const pauseMs of pausesMs) {
      if (after !== null && deadline.workLeftMs() < pauseMs * 2) break;
      await wait(pauseMs);
      after = await control.snapshot();
      if (survivors(chosen, attempts, after) === 0) break;
    }
    return { after, fault: null };
  } catch (error) {
    return { after, fault: toFault(error, 'verify').during('verify') };
  }
}
