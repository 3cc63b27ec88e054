import { fileURLToPath } from 'node:url';
import type { ServerKind } from '../../servers/local-server.ts';
import { findPrograms } from '../../servers/find-program.ts';
import type { Contender, Quarry } from './contender.ts';

const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));

/** The product's own command, as in docs/cli.md; the policy is the only one of the file. */
export function unleak(kind: ServerKind, { login }: Quarry, policyFile: string): Contender {
  const { user, password, host, port, database } = login;
  const place = kind === 'postgres' ? `/${database}?sslmode=disable` : '/?ssl-mode=DISABLED';
  return {
    name: 'unleak',
    command: process.execPath,
    args: [bin, 'sweep', '--enforce', '--yes', '--policy', policyFile, '--json'],
    env: { UNLEAK_URL: `${kind}://${user}:${password}@${host}:${port}${place}` },
  };
}

/** What people use instead, as they start it; null where it is not installed. */
export function alternative(kind: ServerKind, quarry: Quarry): Contender | null {
  return kind === 'postgres' ? oneLiner(quarry) : ptKill(quarry);
}

function oneLiner({ login, idleMs }: Quarry): Contender | null {
  const [command] = findPrograms('psql');
  if (command === undefined) return null;
  const { host, port, user, password, database } = login;
  const sql = `select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'shop' and state = 'idle'
    and pid <> pg_backend_pid() and state_change < now() - interval '${idleMs} ms'`;
  const where = [`--host=${host}`, `--port=${port}`, `--username=${user}`, `--dbname=${database}`];
  return { name: 'one-liner', command, args: ['-X', ...where, '-c', sql], env: { PGPASSWORD: password } };
}

function ptKill({ login, idleMs }: Quarry): Contender | null {
  const [command] = findPrograms('pt-kill');
  if (command === undefined) return null;
  const { host, port, user, password } = login;
  const where = [`--host=${host}`, `--port=${port}`, `--user=${user}`, `--password=${password}`];
  const which = ['--match-user=shop', '--match-command=Sleep', `--idle-time=${Math.floor(idleMs / 1_000)}`];
  const how = ['--victims=all', '--interval=1', '--run-time=1', '--kill', '--no-version-check'];
  return { name: 'pt-kill', command, args: [...where, ...which, ...how], env: {} };
}
