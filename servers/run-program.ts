import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { endAtExit, forgetProcess } from './at-exit.ts';
import { sendSignal } from './process-state.ts';
import { lastLines, toSpawnOptions, type Program } from './program.ts';

/** Runs a program to its end and returns what it printed; throws with the end of that if it fails, and when the signal aborts. */
export async function runProgram(program: Program): Promise<string> {
  program.signal?.throwIfAborted();
  const child = spawn(program.command, program.args, { ...toSpawnOptions(program), stdio: 'pipe' });
  child.stdin.on('error', () => undefined).end(program.input);
  const pid = child.pid ?? 0;
  const release = pid > 0 ? killIfUnfinished(pid, program) : () => undefined;
  try {
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    program.signal?.throwIfAborted();
    if (child.exitCode === 0) return out;
    const end = child.exitCode ?? child.signalCode ?? 'no code';
    throw new Error(`${basename(program.command)} ended with ${end}:\n${lastLines(errors || out)}`);
  } catch (error) {
    // Helpers may live on after the failure.
    if (pid > 0) sendSignal(-pid, 'SIGKILL');
    throw error;
  } finally {
    release();
  }
}

function killIfUnfinished(pid: number, { killed = 'with helpers', signal }: Program): () => void {
  const target = killed === 'alone' || process.platform === 'win32' ? pid : -pid;
  const kill = () => void sendSignal(target, 'SIGKILL');
  endAtExit(target, 'SIGKILL');
  signal?.addEventListener('abort', kill);
  return () => {
    signal?.removeEventListener('abort', kill);
    forgetProcess(target);
  };
}
