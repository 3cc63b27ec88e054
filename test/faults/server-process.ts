import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Ending, endProcess } from '../../servers/end-process.ts';
import type { LocalServer } from '../../servers/local-server.ts';
import { findServerUser } from '../../servers/server-user.ts';
import { spawnServer } from '../../servers/spawn-server.ts';

/** The command line of a program, as it was started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** A server's process that can be ended, and started again on the same data, port and settings. */
export interface ServerProcess {
  readonly command: Command;
  /** Sends a signal to the server. */
  signal(name: NodeJS.Signals): void;
  /** Shuts the server down in good order, its sessions with it. */
  end(): Promise<void>;
  start(): Promise<void>;
}

/** PostgreSQL's fast shutdown, and what MySQL and MariaDB call an orderly one. */
const shutdowns = { postgres: 'SIGINT', mysql: 'SIGTERM', mariadb: 'SIGTERM' } as const;

/** The process of a running server; `answers` resolves once one answers. Linux only: the command line is read from /proc. */
export function processOf(server: LocalServer, answers: () => Promise<unknown>): ServerProcess {
  const command = commandOf(server.pid);
  let { pid } = server;
  const ending: Ending = [
    [shutdowns[server.kind], 30_000],
    ['SIGKILL', 5_000],
  ];
  return {
    command,
    signal: (name) => void process.kill(pid, name),
    end: () => endProcess(pid, ending),
    start: async () => {
      pid = await launch(command, server.dataFolder);
      await untilAnswers(answers);
    },
  };
}

/** Starts a server on its data folder and returns its process id. */
export function launch({ program, args }: Command, dataFolder: string): Promise<number> {
  const folder = dirname(dataFolder);
  // One that gives up its rights by itself has files that it opened before it did.
  const user = args.some((arg) => arg.startsWith('--user=')) ? null : findServerUser();
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  return spawnServer(
    { command: program, args, user, folder, env },
    join(folder, 'started-again.log'),
    'SIGQUIT',
  );
}

/** Resolves when the question is answered, within half a minute. */
export async function untilAnswers(question: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + 30_000; ;) {
    try {
      await question();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(30);
    }
  }
}

function commandOf(pid: number): Command {
  const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  return { program, args };
}
