import type { Context } from 'aws-lambda';
import { compose, release } from './flow/compose.ts';
import { runSweep } from './flow/run-sweep.ts';

/** The Lambda function: one target, one run; the outcome is returned, a fault is thrown after it was told. */
export async function handler(event: unknown, context: Context): Promise<string> {
  const deps = await compose(context);
  try {
    return (await runSweep(event, deps)).outcome;
  } finally {
    release(deps);
  }
}
