import { execFileSync, spawn } from 'node:child_process';
import { inject, expect, onTestFinished, test } from 'vitest';
import { TESTED_SERVERS } from '../servers/available-servers.ts';
import type { Login } from '../../functions/engines/engine.ts';
import { postgresEngine } from '../../functions/engines/postgres/engine.ts';
import { openAdmin } from '../engines/postgres/admin.ts';

const namespace = `unleak${process.pid}`;
const [hostLink, peerLink] = [`uh${process.pid}`, `up${process.pid}`];
// From the range for benchmarks of networks (RFC 2544), so that nobody's real one is hidden.
const [hostAddress, peerAddress] = ['198.18.231.1', '198.18.231.2'];
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });

/** Whether a host that vanishes can be had here: a network of its own, which takes root and iproute2. */
function openNetwork(): boolean {
  try {
    ip('netns', 'add', namespace);
    ip('link', 'add', hostLink, 'type', 'veth', 'peer', 'name', peerLink, 'netns', namespace);
    ip('addr', 'add', `${hostAddress}/30`, 'dev', hostLink);
    ip('link', 'set', hostLink, 'up');
    ip('-n', namespace, 'addr', 'add', `${peerAddress}/30`, 'dev', peerLink);
    ip('-n', namespace, 'link', 'set', peerLink, 'up');
    return true;
  } catch {
    return false;
  }
}

function closeNetwork(): void {
  for (const args of [
    ['netns', 'del', namespace],
    ['link', 'del', hostLink],
  ]) {
    try {
      ip(...args);
    } catch {
      // The link goes with the namespace.
    }
  }
}

const server = inject('servers').findLast(({ kind }) => kind === 'postgres');

test.skipIf(!server)(
  'a function that vanishes without a word frees the lock within half a minute',
  { timeout: 120_000 },
  async ({ skip }) => {
    onTestFinished(closeNetwork);
    if (!openNetwork()) skip('network namespaces need root and iproute2');
    const login = await startServer();
    const control = () =>
      postgresEngine.connect(login, { connectMs: 20_000, statementMs: 20_000 }, new AbortController().signal);
    const sweep = await startSweep({ ...login, host: hostAddress });
    const tryLock = async () => {
      const ours = await control();
      const { isTaken } = await ours.lock();
      await ours.close();
      return isTaken;
    };
    expect(await tryLock()).toBe(false);
    ip('link', 'set', hostLink, 'down');
    sweep.kill('SIGKILL');
    const start = Date.now();
    await expect.poll(tryLock, { timeout: 60_000, interval: 500 }).toBe(true);
    expect(Date.now() - start).toBeLessThan(45_000); // 10 + 3 x 5 s, and as much again for a busy machine
  },
);

/** A server that is reached from the namespace as well, with a login for unleak. */
async function startServer(): Promise<Login> {
  const tested = TESTED_SERVERS.find(({ id }) => id === server?.id);
  if (!tested) throw new Error('a PostgreSQL server is needed');
  const own = await tested.start({ settings: { listen_addresses: '*' } });
  onTestFinished(() => own.stop());
  const admin = await openAdmin({ ...own, id: tested.id, name: tested.name });
  const rules = `'host all all all scram-sha-256'`;
  const file = String(await admin.value(`select current_setting('hba_file')`));
  await admin.execute(`copy (select ${rules}) to '${file}'`);
  await admin.execute('select pg_reload_conf()');
  await admin.execute(`create role unleak login password 'secret' in role pg_monitor, pg_signal_backend`);
  await admin.close();
  return { host: own.host, port: own.port, user: 'unleak', password: 'secret', database: null, tls: 'off' };
}

/** A sweep in the namespace that has taken the lock. */
async function startSweep(login: Login) {
  const script = new URL('vanishing-client.ts', import.meta.url).pathname;
  const argument = JSON.stringify({ engine: 'postgres', ...login });
  const node = [process.execPath, '--import', 'tsx', script, argument];
  const child = spawn('ip', ['netns', 'exec', namespace, ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = await new Promise<[string]>((resolve) =>
    child.stdout.once('data', (data) => resolve([String(data)])),
  );
  expect(said).toBe('taken: true\n');
  return child;
}
