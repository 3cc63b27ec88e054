import type { Client } from 'pg';
import * as z from 'zod';
import type { Step } from '../../../core/model/fault.ts';
import type { AnswerLimit } from '../../answer-limit.ts';
import type { WaitLimits } from '../../engine.ts';
import { errorCode } from '../../network-fault.ts';
import { toDeadlineFault, toSilenceFault, toStatementFault, type Place } from './to-fault.ts';
import { waitFor } from './wait.ts';

/** SQL as a value: its text, the values of its parameters, and a name where it is worth preparing. */
export interface Statement {
  readonly text: string;
  readonly values?: unknown[];
  readonly name?: string;
}

/** Runs one statement in a step of the sweep and reads its rows by the schema; throws Faults only. */
export type Ask = <Rows>(step: Step, statement: Statement, rows: z.ZodType<Rows>) => Promise<Rows>;

/** Our logged-in client, with what its waits and faults need. */
export interface Line {
  readonly client: Client;
  readonly place: Place;
  readonly limits: WaitLimits;
  readonly signal: AbortSignal;
  readonly answerLimit: AnswerLimit;
  /** Cuts the connection without a word; may be called twice. */
  destroy(): void;
  /** Why the connection was lost between statements, which the driver tells once and no statement repeats. */
  lostBecause(): unknown;
}

// The server's own statement_timeout comes first: it is the one that stops the work there as well.
const graceMs = 1_000;

/** Questions asked on this line: each within its limit at the server, and here should the server fall silent. */
export function toAsk(line: Line): Ask {
  return async (step, statement, rows) => {
    line.answerLimit.renew();
    try {
      const answer = await waitFor(() => query(line.client, statement), {
        ms: line.limits.statementMs + graceMs,
        signal: line.signal,
        giveUp: () => line.destroy(),
        expired: () => toSilenceFault(line.place, step),
        aborted: () => toDeadlineFault(line.place, step),
      });
      return rows.parse(answer);
    } catch (error) {
      throw toStatementFault(toCause(error, line), line.place, step);
    }
  };
}

/** An error with a code tells more than why the connection was lost; "Connection terminated" tells less. */
function toCause(error: unknown, line: Line): unknown {
  return errorCode(error) !== '' || error instanceof z.ZodError ? error : (line.lostBecause() ?? error);
}

async function query(client: Client, statement: Statement): Promise<readonly unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>({ ...statement });
  return rows;
}
