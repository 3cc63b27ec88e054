import { inspect } from 'node:util';
import type { Context } from 'aws-lambda';
import { handler } from '../../functions/sweep.ts';

/* The process in which the tests run the Lambda function: invocations come and go as messages, as in a warm Lambda. */

/** One invocation with what the function was installed with, and what became of it; `error` is everything that a console could show of what was thrown. */
export interface Invocation {
  readonly event: unknown;
  readonly installed: unknown;
  readonly remainingMs: number;
}
export type Invoked =
  | { readonly outcome: string }
  | { readonly error: string; readonly name: string; readonly code: string; readonly message: string };

process.on('message', ({ event, installed, remainingMs }: Invocation) => {
  const end = Date.now() + remainingMs;
  const context = { getRemainingTimeInMillis: () => end - Date.now() } as Context;
  void handler(event, context, installed)
    .then((outcome): Invoked => ({ outcome }), describe)
    .then((invoked) => process.send?.(invoked));
});

function describe(thrown: unknown): Invoked {
  const { name, code, message } = thrown as Error & { code: string };
  return {
    error: inspect(thrown, { depth: 12, showHidden: true, maxStringLength: null }),
    name,
    code,
    message,
  };
}
