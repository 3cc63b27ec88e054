import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import { install } from '../flow/install.ts';
import type { Invocation, Invoked } from './function-host.ts';

/** The Lambda function in a process of its own, with nothing of ours in its environment but what is given. */
export interface FunctionProcess {
  /** Installs a target with its policy, and invokes the function as its schedule would. */
  sweep(order: SweepEventInput | object, remainingMs?: number): Promise<Invoked>;
  /** Invokes the function with any event, after any installation. */
  invoke(event: unknown, installed: unknown, remainingMs?: number): Promise<Invoked>;
  /** All that it wrote so far, to standard output and standard error together. */
  output(): string;
  stop(): Promise<void>;
}

const host = fileURLToPath(new URL('function-host.ts', import.meta.url));

/** Starts the function; it stays warm until it is stopped. */
export function startFunction(env: Readonly<Record<string, string>>): FunctionProcess {
  const child = fork(host, {
    execArgv: ['--import', 'tsx', '--disallow-code-generation-from-strings'],
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => written.push(chunk));
  const output = () => Buffer.concat(written).toString();
  const exited = once(child, 'exit');
  const invoke: FunctionProcess['invoke'] = async (event, installed, remainingMs = 60_000) => {
    const invocation: Invocation = { event, installed, remainingMs };
    const answer = once(child, 'message') as Promise<[Invoked]>;
    child.send(invocation);
    const ended = exited.then(() => {
      throw new Error(`the function's process ended:\n${output()}`);
    });
    const [invoked] = await Promise.race([answer, ended]);
    return invoked;
  };
  return {
    invoke,
    sweep: (order, remainingMs) => {
      const { target, policy, notify } = order as SweepEventInput;
      return invoke({ version: 2, target: target.name }, install({ target, policy, notify }), remainingMs);
    },
    output,
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
