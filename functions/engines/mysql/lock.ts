import { Fault } from '../../core/faults.ts';
import type { Wire } from './wire.ts';

/** Takes the server-wide lock `unleak` without waiting; false when another connection holds it. It ends with ours. */
export async function lock(wire: Wire): Promise<boolean> {
  const [row] = await wire.ask(`SELECT GET_LOCK('unleak', 0) AS taken`);
  if (row?.['taken'] === '1') return true;
  if (row?.['taken'] === '0') return false;
  throw new Fault({
    kind: 'Snapshot',
    code: 'snapshot.failed',
    step: 'lock',
    actor: 'dba',
    message: `The server could not say whether the lock "unleak" is free (GET_LOCK gave no answer).`,
  });
}
