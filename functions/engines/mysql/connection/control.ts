import { toAsked } from '../../to-asked.ts';
import { longestSweepMs } from '../../../contract/sweep-time.ts';
import type { Step } from '../../../core/model/fault.ts';
import type { ControlConnection } from '../../engine.ts';
import { createFreshnessLimit } from '../terminate/freshness-limit.ts';
import { end } from '../terminate/end.ts';
import { lock, watchLock } from './lock.ts';
import { look } from '../snapshot/take-snapshot.ts';
import type { Variant } from './server.ts';
import { toFault } from './to-fault.ts';
import { findKillMethods, type KillMethods } from '../terminate/kill-methods.ts';
import type { Wire } from './wire.ts';

/** The control connection on one wire: whatever goes wrong in it comes out as a Fault of its step. */
export function createControl(
  wire: Wire,
  variant: Variant,
  sweepMs: number = longestSweepMs,
): ControlConnection {
  // Found anew by every look, so that a privilege granted meanwhile counts.
  let ways: KillMethods | null = null;
  const believe = createFreshnessLimit(wire, variant);
  const findMethods = async () => (ways = await findKillMethods(wire, variant));
  return {
    lock: () => orFault('lock', () => lock(wire, sweepMs)),
    watchLock: () => orFault('lock', () => watchLock(wire, sweepMs)),
    snapshot: (asking) =>
      orFault('snapshot', async () => toAsked(await look(wire, variant, await findMethods()), asking)),
    end: (batch) =>
      orFault('terminate', async () => {
        if (batch.length === 0) return [];
        return end(wire, variant, ways ?? (await findMethods()), batch, believe);
      }),
    close: () => wire.close(),
  };
}

async function orFault<T>(step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFault(error, step);
  }
}
