import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findPrograms } from '../../../servers/find-program.ts';
import type { Killer } from './killer.ts';

/** pt-kill of Percona Toolkit, once a second, which is as often as it can; null where it is not installed. */
export function findPtKill(): Killer | null {
  const [program] = findPrograms('pt-kill');
  if (program === undefined) return null;
  return async ({ login, thresholdMs, signal, begin }) => {
    const where = [`--host=${login.host}`, `--port=${login.port}`, `--user=${login.user}`];
    const which = ['--match-user=shop', '--match-command=Sleep', `--idle-time=${thresholdMs / 1_000}`];
    const how = ['--victims=all', '--interval=1', '--kill', '--print', '--no-version-check'];
    const child = spawn(program, [...where, `--password=${login.password}`, ...which, ...how], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = 0;
    child.stdout.on('data', (text: Buffer) => (printed += text.toString().split('# ').length - 1));
    begin();
    const exited = once(child, 'exit');
    const stop = () => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    await exited;
    if (!signal.aborted) throw new Error(`pt-kill ended by itself with ${String(child.exitCode)}`);
    return { rounds: 0, ended: printed, spared: null };
  };
}
