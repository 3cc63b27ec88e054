import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CrowdOrder, FromCrowd } from './crowd-process.ts';

/** Idle sessions in a process of their own. */
export interface Crowd {
  /** When the last one saw its end, on the monotonic clock, in nanoseconds; null when some are still open after so long. */
  closedAt(withinMs: number): Promise<bigint | null>;
  stop(): Promise<void>;
}

/** Opens the sessions; resolves when each of them has run a statement and sleeps. */
export async function openCrowd(order: CrowdOrder): Promise<Crowd> {
  const child = fork(fileURLToPath(new URL('crowd-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const closed = new Promise<bigint>((resolve) => {
    child.on('message', (message: FromCrowd) => {
      if ('closedAt' in message) resolve(BigInt(message.closedAt));
    });
  });
  const first = once(child, 'message') as Promise<[FromCrowd]>;
  child.send(order);
  const [message] = await first;
  if ('error' in message) throw new Error(`the sessions could not be opened: ${message.error}`);
  return {
    closedAt: (withinMs) => Promise.race([closed, nothingAfter(withinMs)]),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function nothingAfter(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
}
