import { errnoOf } from './to-fault.ts';
import type { Row } from './row.ts';
import type { Wire } from './wire.ts';

/** The rows, or null where the server refuses or takes too long: for details whose absence a sweep can bear. A lost connection rejects. */
export async function askOrNull(wire: Wire, sql: string): Promise<readonly Row[] | null> {
  try {
    return await wire.ask(sql);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}
