import type { Attempt, EndRequest } from '../../engine.ts';
import { errnoOf } from '../connection/to-fault.ts';
import type { Wire } from '../connection/wire.ts';
import { askWhatWasSeen, endSql } from './end-sql.ts';
import { mostTurns } from './most-turns.ts';
import { ourConnection, refused, unknownThread } from './refusals.ts';

const askWhoseTurn = `${askWhatWasSeen}, @unleak_turn AS turn`;

/**
 * MySQL: ends several sessions by one packet, in which each is checked right before its own KILL, as by a packet of its own. The server
 * stops at the first KILL that ends nobody; all before it were ended, and those after it have the next packet.
 */
export async function endInPackets(
  wire: Wire,
  batch: readonly EndRequest[],
  freshForUs: number,
): Promise<ReadonlyMap<EndRequest, Attempt>> {
  const known = new Map<EndRequest, Attempt>();
  let waiting = batch;
  let turns = 0;
  while (waiting.length > 0) {
    const stop = await send(wire, waiting, freshForUs);
    const ended = stop === null ? waiting : waiting.slice(0, stop.index);
    for (const request of ended) known.set(request, { id: request.session.id, result: 'signalled' });
    if (stop === null) break;
    const [request, ...others] = waiting.slice(stop.index);
    if (request === undefined) throw new Error('the server stopped at a session that it was not asked about');
    turns = stop.index > 0 ? 1 : turns + 1;
    const isAskedAgain = stop.attempt.result === 'late' && turns < mostTurns.mysql;
    if (!isAskedAgain) known.set(request, stop.attempt);
    waiting = isAskedAgain ? [request, ...others] : others;
    if (!isAskedAgain) turns = 0;
  }
  return known;
}

/** Where the packet stopped, and what is to be said of that session. */
interface Stop {
  readonly index: number;
  readonly attempt: Attempt;
}

/** Null when all were ended. */
async function send(wire: Wire, batch: readonly EndRequest[], freshForUs: number): Promise<Stop | null> {
  const packet = batch.map(
    (request, index) => `SET @unleak_turn = ${index}; ${endSql('mysql', 'kill', request, freshForUs) ?? ''}`,
  );
  try {
    await wire.ask(`SET @unleak_turn = NULL; ${packet.join('; ')}`);
    return null;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || ourConnection.has(errno)) throw error;
    const [row] = await wire.ask(askWhoseTurn);
    // Refused before the first one's turn, it was refused as a whole.
    if (row?.['turn'] == null) throw error;
    const index = Number(row['turn']);
    const id = batch[index]?.session.id ?? '';
    if (errno !== unknownThread) return { index, attempt: refused(id, errno) };
    // One that was there and unchanged was checked too long before KILL, or left in between: to ask again tells.
    const result = row['seen'] == null ? 'gone' : row['same'] == null ? 'changed' : 'late';
    return { index, attempt: { id, result } };
  }
}
