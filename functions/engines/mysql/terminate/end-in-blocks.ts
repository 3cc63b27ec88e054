import type { Attempt, EndRequest } from '../../engine.ts';
import { errnoOf } from '../connection/to-fault.ts';
import type { Wire } from '../connection/wire.ts';
import { askBlockResults, type BlockResult, endBlock, readBlockResults } from './end-block.ts';
import { mostTurns } from './most-turns.ts';
import { ourConnection, refused } from './refusals.ts';

/**
 * MariaDB: ends several sessions by one block, and asks again about those that were late. Those whose query's number is not theirs
 * alone, and all of a block that the server refuses, are missing in the answer: they are to be ended one by one.
 */
export async function endInBlocks(
  wire: Wire,
  batch: readonly EndRequest[],
  freshForUs: number,
): Promise<ReadonlyMap<EndRequest, Attempt>> {
  const known = new Map<EndRequest, Attempt>();
  let waiting = batch;
  for (let turn = 1; waiting.length > 0 && turn <= mostTurns.mariadb; turn += 1) {
    const results = await send(wire, endBlock(waiting, freshForUs));
    for (const [index, request] of waiting.entries()) {
      const result = results[index];
      if (result === undefined || result === 'not alone') known.delete(request);
      else known.set(request, toAttempt(request.session.id, result));
    }
    waiting = waiting.filter((request) => known.get(request)?.result === 'late');
  }
  return known;
}

function toAttempt(id: string, result: Exclude<BlockResult, 'not alone'> | number): Attempt {
  return typeof result === 'number' ? refused(id, result) : { id, result };
}

/** A block that fails as a whole has ended nobody, or those that it says. */
async function send(wire: Wire, block: string): Promise<readonly (BlockResult | number)[]> {
  try {
    return read(await wire.ask(block));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || ourConnection.has(errno)) throw error;
    return read(await wire.ask(askBlockResults));
  }
}

function read([row]: Awaited<ReturnType<Wire['ask']>>): readonly (BlockResult | number)[] {
  const results = readBlockResults(row?.['results'] ?? '');
  if (results === null) throw new Error('the block answered with what it never says');
  return results;
}
