import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program under test: it answers each line on its standard input by one line. */
export interface Program {
  readonly ask: (line: string) => Promise<string>;
  /** The exit code where it has ended by itself; null while it runs. */
  readonly exitCode: () => number | null;
  stop(): Promise<void>;
}

/** Starts a program; resolves with its first line, after which it has leaked what it leaks. */
export async function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Program> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', process.env['UNLEAK_TEST_LOUD'] ? 'inherit' : 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = (await lines.next()) as IteratorResult<string, undefined>;
    if (line.done) throw new Error(`the program has ended with code ${child.exitCode ?? 'none'}`);
    return line.value;
  };
  child.stdin.on('error', () => undefined);
  await next();
  return {
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return next();
    },
    exitCode: () => child.exitCode,
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
