import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endProcess } from '../../servers/end-process.ts';
import { findFreePort } from '../../servers/free-port.ts';
import { sendSignal } from '../../servers/process-state.ts';
import { runProgram } from '../../servers/run-program.ts';
import { spawnServer } from '../../servers/spawn-server.ts';
import { getStatus } from './load.ts';
import { python } from './packages.ts';
import type { Program, ShopDatabase } from './shop-database.ts';
import { until } from './until.ts';

/** Two processes of four threads: as many connections as a healthy web part can have. */
export const webThreads = { processes: 2, threads: 4 } as const;

/** The shop's web part and its worker, running. */
export interface ShopApp {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts gunicorn and a Celery worker on the database; resolves when a page can be read. */
export async function startShopApp(database: ShopDatabase, connMaxAgeSeconds: number): Promise<ShopApp> {
  const folder = await mkdtemp(join(tmpdir(), 'unleak-shop-'));
  await mkdir(join(folder, 'queue'));
  const port = await findFreePort();
  const program = (name: Program, args: readonly string[]) => ({
    command: python,
    args: ['-m', ...args],
    user: null,
    folder,
    env: toEnvironment(database, name, folder, connMaxAgeSeconds),
  });
  await runProgram(program('shop_web', ['django', 'migrate', '--verbosity', '0']));
  const { processes, threads } = webThreads;
  const web = ['gunicorn', 'shop.wsgi', '-b', `127.0.0.1:${port}`, '-k', 'gthread'];
  const size = ['-w', String(processes), '--threads', String(threads)];
  const worker = ['celery', '-A', 'shop', 'worker', '-c', '1', '-l', 'WARNING'];
  const quiet = ['--without-gossip', '--without-mingle', '--without-heartbeat'];
  const log = join(folder, 'shop.log');
  const pids = [
    await spawnServer(program('shop_web', [...web, ...size]), log, 'SIGTERM'),
    await spawnServer(program('shop_celery', [...worker, ...quiet]), log, 'SIGTERM'),
  ];
  const origin = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await Promise.all(pids.map(endFamily));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => (await getStatus(`${origin}/articles/`)) === 200, 'the shop answers');
    return { origin, stop };
  } catch (error) {
    const said = await readFile(log, 'utf8');
    await stop();
    throw new Error(`The shop did not start:\n${said.slice(-2_000)}`, { cause: error });
  }
}

function toEnvironment(database: ShopDatabase, name: Program, folder: string, connMaxAgeSeconds: number) {
  return {
    PATH: process.env['PATH'],
    PYTHONPATH: resolve('examples/django-shop'),
    PYTHONDONTWRITEBYTECODE: '1',
    DJANGO_SETTINGS_MODULE: 'shop.settings',
    SHOP_DATABASE_URL: database.urlFor(name),
    SHOP_PROGRAM: name.replace('_', '-'),
    SHOP_QUEUE_FOLDER: join(folder, 'queue'),
    SHOP_CONN_MAX_AGE: String(connMaxAgeSeconds),
  };
}

/** Each leads a group, with worker processes in it that a killed leader would leave behind. */
async function endFamily(pid: number): Promise<void> {
  await endProcess(pid, [
    ['SIGTERM', 3_000],
    ['SIGKILL', 5_000],
  ]);
  sendSignal(-pid, 'SIGKILL');
}
