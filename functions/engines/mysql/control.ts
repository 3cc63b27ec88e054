import type { Step } from '../../core/faults.ts';
import type { ControlConnection } from '../engine.ts';
import { measureBelief } from './belief.ts';
import { end } from './end.ts';
import { lock } from './lock.ts';
import { look } from './look.ts';
import { findWayToEnd, type WayToEnd } from './privileges.ts';
import type { Flavour } from './server.ts';
import { toFault } from './to-fault.ts';
import type { Wire } from './wire.ts';

/** The control connection on one wire: whatever goes wrong in it comes out as a Fault of its step. */
export function createControl(wire: Wire, flavour: Flavour): ControlConnection {
  // Found anew by every look, so that a privilege granted meanwhile counts.
  let way: WayToEnd | 'unknown' = 'unknown';
  let believedUs: number | null = null;
  const wayToEnd = async () => (way = await findWayToEnd(wire, flavour));
  return {
    lock: () => orFault('lock', () => lock(wire)),
    look: () => orFault('look', async () => look(wire, flavour, await wayToEnd())),
    end: (batch) =>
      orFault('act', async () => {
        if (batch.length === 0) return [];
        const known = way === 'unknown' ? await wayToEnd() : way;
        believedUs ??= await measureBelief(wire, flavour, known);
        return end(wire, flavour, known, batch, believedUs);
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
