import type { Connection } from 'mysql2';
import type { Socket } from 'node:net';
import { type AnswerLimit, AnswerRefused } from '../../answer-limit.ts';
import type { Row } from './row.ts';
import { checkRows } from './shapes.ts';

/** Our connection as the rest of the engine sees it. */
export interface Wire {
  /** Runs one statement, or several of which only the last may answer with rows; rejects with the driver's error or WaitEnded. */
  ask(sql: string): Promise<readonly Row[]>;
  /** A number that this connection has not used before, by which a statement can be told from earlier ones. */
  nextMark(): number;
  /** Says goodbye, waits at most half a second for the server to close, then cuts the socket; never throws. */
  close(): Promise<void>;
}

/** A wait that did not end by itself: our time is up, or the server fell silent. */
export class WaitEnded extends Error {
  readonly why: 'deadline' | 'silent';

  constructor(why: 'deadline' | 'silent') {
    super(why);
    this.name = 'WaitEnded';
    this.why = why;
  }
}

/** Both halves of a connection: the driver's, and the socket, which the driver by itself only half closes. */
export interface Line {
  readonly connection: Connection;
  readonly socket: Socket;
  readonly answerLimit: AnswerLimit;
}

/** The server enforces its limit by itself; only if it falls silent do we cut the connection, this much later. */
const graceMs = 1_000;
const goodbyeMs = 500;

/** Wraps a connection so that no wait on it is without a limit. */
export function createWire(line: Line, statementMs: number, signal: AbortSignal): Wire {
  let marks = 0;
  return {
    nextMark: () => (marks += 1),
    ask: (sql) => waitFor(line, () => query(line, sql), statementMs + graceMs, signal),
    close: () => close(line),
  };
}

/** Waits for the work, but not longer than the limit or the signal allow; then cuts the line and rejects with WaitEnded. */
export async function waitFor<T>(
  line: Line,
  work: () => Promise<T>,
  limitMs: number,
  signal: AbortSignal,
): Promise<T> {
  if (signal.aborted) throw giveUp(line, 'deadline');
  let stop = (): void => undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(giveUp(line, 'deadline'));
    const timer = setTimeout(() => reject(giveUp(line, 'silent')), limitMs);
    signal.addEventListener('abort', onAbort);
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
  });
  return Promise.race([work(), ended]).finally(() => stop());
}

function giveUp(line: Line, why: WaitEnded['why']): WaitEnded {
  cut(line);
  return new WaitEnded(why);
}

/** Ends the connection at once, without a word to the server. */
export function cut({ connection, socket }: Line): void {
  connection.destroy();
  socket.destroy();
}

/** No statement of ours asks for as many columns. */
const mostColumns = 256;

async function query({ connection, answerLimit }: Line, sql: string): Promise<readonly Row[]> {
  answerLimit.renew();
  const result = await new Promise<unknown>((resolve, reject) => {
    const asked = connection.query({ sql, typeCast: (field) => toText(field.buffer()) }, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
    asked.on('fields', (fields: readonly unknown[] | undefined) => {
      if ((fields?.length ?? 0) > mostColumns)
        throw new AnswerRefused('too large', 'one of too many columns');
    });
  });
  return checkRows(toRows(result));
}

/** Our session's character set is UTF-8; what a server says of a column's own is not asked. */
function toText(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('utf8');
}

// Statements without rows answer with a header object; several statements with an array of their answers.
function toRows(result: unknown): readonly Row[] {
  if (!Array.isArray(result)) return [];
  const last: unknown = result.at(-1);
  return Array.isArray(last) ? (last as Row[]) : (result as Row[]);
}

async function close(line: Line): Promise<void> {
  const { connection, socket } = line;
  if (!socket.destroyed) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, goodbyeMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      connection.end(() => undefined);
    });
  }
  cut(line);
}
