import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, sendSignal } from './process-state.ts';

/** The signals to try in turn, each with the milliseconds to wait for its effect. */
export type Ending = readonly (readonly [signal: NodeJS.Signals, waitMs: number])[];

const POLL_MS = 10;

/** Ends the process with the given signals in turn and resolves once it is gone; throws if it outlives them all. */
export async function endProcess(pid: number, ending: Ending): Promise<void> {
  for (const [signal, waitMs] of ending) {
    sendSignal(pid, signal);
    if (await isGoneWithin(pid, waitMs)) return;
  }
  throw new Error(`process ${pid} is still running after ${ending.map(([signal]) => signal).join(', ')}`);
}

async function isGoneWithin(pid: number, waitMs: number): Promise<boolean> {
  const end = Date.now() + waitMs;
  while (isRunning(pid)) {
    if (Date.now() > end) return false;
    await sleep(POLL_MS);
  }
  return true;
}
