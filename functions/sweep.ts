import type { Context } from 'aws-lambda';
import { chooseTarget } from './flow/choose-target.ts';
import { compose, release } from './flow/compose.ts';
import { runSweep } from './flow/run-sweep.ts';

/**
 * The Lambda function: one target, one run; the outcome is returned, a fault is thrown after people were notified. `installed` is
 * what the deployment says (infra/constructs/installed-code.ts hands it over): the event can only choose among its targets.
 */
export async function handler(event: unknown, context: Context, installed: unknown): Promise<string> {
  const deps = await compose(context);
  try {
    return (await runSweep(chooseTarget(event, installed, deps), deps)).outcome;
  } finally {
    release(deps);
  }
}
