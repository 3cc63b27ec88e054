import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { endAtExit, forgetProcess } from './at-exit.ts';
import { toSpawnOptions, type Program } from './program.ts';

/** Starts a program that stays, its output going to the log file, and returns its process id; `exitSignal` ends it should we exit first. */
export async function spawnServer(
  program: Program,
  logFile: string,
  exitSignal: NodeJS.Signals,
): Promise<number> {
  const log = openSync(logFile, 'a');
  const child = spawn(program.command, program.args, {
    ...toSpawnOptions(program),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program.command} was spawned without a process id`);
  endAtExit(pid, exitSignal);
  child.once('exit', () => forgetProcess(pid)).unref();
  return pid;
}
