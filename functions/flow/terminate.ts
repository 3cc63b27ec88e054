import type { Attempt } from '../core/model/attempt.ts';
import { type Fault, toFault } from '../core/model/fault.ts';
import type { Chosen } from '../core/model/plan.ts';
import type { ControlConnection } from '../engines/engine.ts';
import type { Deadline } from './deadline.ts';

/** What was attempted; a fault in the middle keeps what came before it. Sessions without an attempt were not reached. */
export interface Terminated {
  readonly attempts: readonly Attempt[];
  readonly fault: Fault | null;
}

/** Ends the chosen sessions in small batches, in order, and begins none that could not be verified in time. */
export async function terminate(
  control: ControlConnection,
  chosen: readonly Chosen[],
  batchSize: number,
  deadline: Deadline,
): Promise<Terminated> {
  const attempts: Attempt[] = [];
  for (let start = 0; start < chosen.length && deadline.mayAct(); start += batchSize) {
    const batch = chosen.slice(start, start + batchSize);
    try {
      attempts.push(
        ...(await control.end(batch.map(({ session, verdict }) => ({ session, action: verdict })))),
      );
    } catch (error) {
      const lost = batch.map(({ session }): Attempt => ({ id: session.id, result: 'unknown' }));
      return { attempts: [...attempts, ...lost], fault: toFault(error, 'terminate') };
    }
  }
  return { attempts, fault: null };
}
