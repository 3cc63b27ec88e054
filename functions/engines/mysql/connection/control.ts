import { longestSweepMs } from '../../../contract/sweep-time.ts';
import type { Step } from '../../../core/model/fault.ts';
import type { ControlConnection } from '../../engine.ts';
import { createBelief } from '../terminate/freshness-limit.ts';
import { end } from '../terminate/end.ts';
import { lock } from './lock.ts';
import { look } from '../snapshot/take-snapshot.ts';
import type { Flavour } from './server.ts';
import { toFault } from './to-fault.ts';
import { findWaysToEnd, type WaysToEnd } from '../terminate/kill-methods.ts';
import type { Wire } from './wire.ts';

/** The control connection on one wire: whatever goes wrong in it comes out as a Fault of its step. */
export function createControl(
  wire: Wire,
  flavour: Flavour,
  sweepMs: number = longestSweepMs,
): ControlConnection {
  // Found anew by every look, so that a privilege granted meanwhile counts.
  let ways: WaysToEnd | null = null;
  const believe = createBelief(wire, flavour);
  const findWays = async () => (ways = await findWaysToEnd(wire, flavour));
  return {
    lock: () => orFault('lock', () => lock(wire, sweepMs)),
    look: () => orFault('look', async () => look(wire, flavour, await findWays())),
    end: (batch) =>
      orFault('act', async () => {
        if (batch.length === 0) return [];
        return end(wire, flavour, ways ?? (await findWays()), batch, believe);
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
