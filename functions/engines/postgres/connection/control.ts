import { toAsked } from '../../to-asked.ts';
import { longestSweepMs } from '../../../contract/sweep-time.ts';
import type { ControlConnection } from '../../engine.ts';
import { type Line, toAsk } from './ask.ts';
import { end } from '../terminate/end.ts';
import { takeLock, watchLock } from './lock.ts';
import { look } from '../snapshot/take-snapshot.ts';
import { waitFor } from './wait.ts';

const closeMs = 1_000;

/** The control connection over a line that is logged in. */
export function toControlConnection(line: Line): ControlConnection {
  const ask = toAsk(line);
  return {
    lock: () => takeLock(ask, line.limits.sweepMs ?? longestSweepMs),
    watchLock: () => watchLock(ask, line.limits.sweepMs ?? longestSweepMs),
    snapshot: async (asking) => toAsked(await look(ask), asking),
    end: (batch) => end(ask, batch),
    close: () => close(line),
  };
}

/** Says goodbye, so that the server frees our slot and lock at once; a server that does not answer is left all the same. */
async function close(line: Line): Promise<void> {
  const goodbye = new AbortController();
  const leave = (): Error => new Error('no answer to our goodbye');
  await waitFor(() => line.client.end(), {
    ...{ ms: closeMs, signal: goodbye.signal, expired: leave, aborted: leave },
    giveUp: () => line.destroy(),
  }).catch(() => undefined); // the connection is cut below either way, and nothing depends on how
  line.destroy();
}
