import { rmSync } from 'node:fs';
import { isFamilyRunning, sendSignal } from './process-state.ts';

const WAIT_MS = 2000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const processes = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();
let isInstalled = false;

/** From now on the process, or the group given as a negative number, is ended with the signal should this process exit before `forgetProcess`. */
export function endAtExit(target: number, signal: NodeJS.Signals): void {
  install();
  processes.set(target, signal);
}

/** From now on the folder is removed should this process exit before `forgetFolder`. */
export function removeAtExit(folder: string): void {
  install();
  folders.add(folder);
}

/** The process has ended: its number may belong to somebody else soon. */
export function forgetProcess(target: number): void {
  processes.delete(target);
}

/** Whether the process is still to be ended: one that ended by itself is not. */
export function isEndedAtExit(target: number): boolean {
  return processes.has(target);
}

/** The folder is removed. */
export function forgetFolder(folder: string): void {
  folders.delete(folder);
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  process.on('exit', endEverythingNow);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

// A program with a handler of its own decides what the signal means, and 'exit' is our turn. Alone, we clean up and die of the signal.
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endEverythingNow();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

function endEverythingNow(): void {
  for (const [target, signal] of processes) sendSignal(target, signal);
  waitUntilGone();
  for (const target of processes.keys()) signalFamily(target, 'SIGKILL');
  waitUntilGone();
  processes.clear();
  for (const folder of folders)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  folders.clear();
}

// Not every server leads a group.
function signalFamily(target: number, signal: NodeJS.Signals): void {
  const leader = Math.abs(target);
  if (!sendSignal(-leader, signal)) sendSignal(leader, signal);
}

// Nothing asynchronous runs any more once a process exits, so this blocks.
function waitUntilGone(): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (const end = Date.now() + WAIT_MS; Date.now() < end; Atomics.wait(clock, 0, 0, 10)) {
    for (const target of processes.keys()) if (!isFamilyRunning(Math.abs(target))) processes.delete(target);
    if (processes.size === 0) return;
  }
}
