import type { Context } from 'aws-lambda';
import { compose, composeWatch, release } from './flow/compose.ts';
import { runWatch } from './flow/run-watch.ts';

/** The Lambda function that watches all targets: which of them are not swept any more. The event says nothing. */
export async function handler(
  _event: unknown,
  context: Context,
  installed: unknown,
): Promise<readonly string[]> {
  const deps = await compose(context);
  try {
    const { unswept } = await runWatch(installed, await composeWatch(deps));
    return unswept.map(({ target }) => target);
  } finally {
    release(deps);
  }
}
