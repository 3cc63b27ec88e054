import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FleetOrder, ToFleet } from './fleet-process.ts';
import type { Tally } from './judge.ts';

/** The applications, in a process of their own. */
export interface Fleet {
  tally(): Promise<Tally>;
  /** Begins to count anew. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts the applications; they go on until they are stopped. */
export function startFleet(order: FleetOrder): Fleet {
  const child = fork(fileURLToPath(new URL('fleet-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const gone = exited.then(([code]: unknown[]) => {
    throw new Error(`the applications' process ended with ${String(code)}`);
  });
  gone.catch(() => undefined);
  const send = (message: ToFleet) => child.send(message);
  send(order);
  return {
    tally: async () => {
      const answer = once(child, 'message') as Promise<[Tally]>;
      send('tally');
      const [tally] = await Promise.race([answer, gone]);
      return tally;
    },
    reset: () => void send('reset'),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
