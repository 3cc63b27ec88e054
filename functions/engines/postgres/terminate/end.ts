import * as z from 'zod';
import { Fault } from '../../../core/model/fault.ts';
import type { Attempt, EndRequest } from '../../engine.ts';
import type { Ask } from '../connection/ask.ts';
import { endSql } from './end-sql.ts';
import { toSqlState } from '../connection/to-fault.ts';

const answerSchema = z.array(
  z.object({
    index: z.number(),
    result: z.enum(['signalled', 'gone', 'changed', 'superuser', 'not permitted', 'late']),
  }),
);
type Answer = z.output<typeof answerSchema>[number];

/** Statements without any progress after which what is left is left to the next sweep; each tries a late session several times. To
 *  believe a view for longer instead was tried, and lost statements again (decision 22). */
const mostIdleTurns = 3;

const privilegeState = '42501';
// The connection or the server is in trouble, so that another statement would only wait as well.
const hopelessClasses = ['08', '53', '57', '58'];

/** Ends in one statement those of the batch that are unchanged; should the server refuse the statement as a whole, one
 *  by one, so that the others are still judged. */
export async function end(ask: Ask, batch: readonly EndRequest[]): Promise<readonly Attempt[]> {
  if (batch.length === 0) return [];
  try {
    return await endTogether(ask, batch);
  } catch (error) {
    if (toRefusal(error) === null) throw error;
    return await endOneByOne(ask, batch);
  }
}

async function endTogether(ask: Ask, batch: readonly EndRequest[]): Promise<readonly Attempt[]> {
  let wanted = batch.map(toWanted);
  const results = new Map<number, Answer['result']>();
  for (let idleTurns = 0; wanted.length > 0 && idleTurns < mostIdleTurns;) {
    const values = [JSON.stringify(wanted)];
    const answers = await ask('terminate', { name: 'unleak-end', text: endSql, values }, answerSchema);
    for (const { index, result } of answers) results.set(index, result);
    const late = wanted.filter(({ index }) => results.get(index) === 'late');
    idleTurns = late.length < wanted.length ? 0 : idleTurns + 1;
    wanted = late;
  }
  return batch.map(({ session }, index) => toAttempt(session.id, results.get(index)));
}

// The refused statement may have signalled some before it failed: who is gone by now may be so by our hand or not.
async function endOneByOne(ask: Ask, batch: readonly EndRequest[]): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const request of batch) {
    const attempt = await endOne(ask, request);
    attempts.push(attempt.result === 'gone' ? { id: attempt.id, result: 'unknown' } : attempt);
  }
  return attempts;
}

async function endOne(ask: Ask, request: EndRequest): Promise<Attempt> {
  const { id } = request.session;
  try {
    const [attempt] = await endTogether(ask, [request]);
    return attempt ?? { id, result: 'changed' };
  } catch (error) {
    const code = toRefusal(error);
    if (code === null) throw error;
    return { id, result: 'refused', code, message: 'the server refused to end it' };
  }
}

/** The SQLSTATE with which the server refused a statement; null when the fault is not about what we asked. */
function toRefusal(error: unknown): string | null {
  const state = error instanceof Fault ? toSqlState(error.cause) : null;
  return state === null || hopelessClasses.includes(state.slice(0, 2)) ? null : state;
}

function toWanted({ session, action }: EndRequest, index: number) {
  const { connection, stateChange, transactionStart, queryStart } = session.identity;
  return {
    ...{ index, action, pid: session.id, state: session.state },
    ...{ backendStart: toNumber(connection), stateChange: toNumber(stateChange) },
    ...{ transactionStart: toNumber(transactionStart), queryStart: toNumber(queryStart) },
  };
}

// What is not known equals nothing at the server either, so that session is left alone.
function toNumber(fact: string | undefined): string | null {
  return fact === undefined || fact === '' ? null : fact;
}

function toAttempt(id: string, result: Answer['result'] | undefined): Attempt {
  switch (result) {
    case 'superuser':
      return { id, result: 'refused', code: privilegeState, message: "it is a superuser's session" };
    case 'not permitted':
      return {
        id,
        result: 'refused',
        code: privilegeState,
        message: 'pg_signal_backend is not granted to us',
      };
    case undefined:
      return { id, result: 'changed' };
    default:
      return { id, result };
  }
}
