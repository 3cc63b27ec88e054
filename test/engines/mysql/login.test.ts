import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findFreePort } from '../../../servers/free-port.ts';
import type { LocalServer } from '../../../servers/local-server.ts';
import { startMariadb } from '../../../servers/mariadb.ts';
import { startMysql } from '../../../servers/mysql.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import { mariadbPluginFolder } from '../../servers/debian-tools.ts';
import { openRelay } from '../contract/relay.ts';
import {
  type Address,
  createUser,
  mysqlServers,
  openApplication,
  openControl,
  openRoot,
  password,
  seeAtWork,
} from './lab.ts';

/* What can stand between a login and the server, each told by a code of its own. */

const plugins = mariadbPluginFolder();
const hasEd25519 = existsSync(join(plugins, 'auth_ed25519.so'));
const administrator = { mysql: 'CONNECTION_ADMIN ON *.*', mariadb: 'CONNECTION ADMIN ON *.*' } as const;

const login = (server: Address, own: Partial<Login>) => openControl(server, { password, ...own });

describe.for(mysqlServers)('$name', (provided) => {
  test('a proxy with thread ids of its own is a pooler', async () => {
    const port = await openProxy(provided);
    await expect(openControl({ ...provided, port })).rejects.toMatchObject({
      ...{ kind: 'Connect', code: 'connect.pooler', step: 'connect' },
    });
  });

  test('a relay of bytes is none', async () => {
    const { port } = await openRelay(provided);
    await expect((await openControl({ ...provided, port })).snapshot()).resolves.toBeDefined();
  });

  test.for(['latin1', 'binary', 'sjis'])('bytes in %s cost their text, not the look', async (charset) => {
    const control = await openControl(provided);
    const app = await openApplication(provided, { charset: 'LATIN1_SWEDISH_CI' });
    await app.query(`SET NAMES ${charset}`);
    const running = app.query(`SELECT SLEEP(60), 'caf\u00e9 \u00ff' /* \u00e9 */`).catch(() => undefined);
    const { statement } = await seeAtWork(control, app);
    expect(statement).toContain('SLEEP');
    app.destroy();
    await running;
  });

  test('an expired password is told apart from a wrong one', async () => {
    const user = await createUser(provided);
    await (await openRoot(provided)).query(`ALTER USER '${user}'@'%' PASSWORD EXPIRE`);
    await expect(login(provided, { user })).rejects.toMatchObject({ code: 'credentials.password_expired' });
    await expect(login(provided, { user, password: 'wrong' })).rejects.toMatchObject({
      code: 'credentials.login_refused',
    });
  });

  describe('with a server of its own', () => {
    let server: LocalServer;
    let adminPort = 0;
    const { kind } = provided;
    beforeAll(async () => {
      adminPort = await findFreePort();
      const settings = { admin_address: '127.0.0.1', admin_port: String(adminPort) };
      const ed25519 = hasEd25519 ? { plugin_dir: plugins } : {};
      server = await (kind === 'mysql' ? startMysql({ settings }) : startMariadb({ settings: ed25519 }));
    });
    afterAll(() => server.stop());

    test('init_connect that fails is told, and skipped for a login that may', async () => {
      const user = await createUser(server, ['PROCESS ON *.*']);
      const root = await openRoot(server);
      await root.query(`SET GLOBAL init_connect = 'SELECT no_such_column'`);
      await expect(login(server, { user })).rejects.toMatchObject({ code: 'connect.login_trigger' });
      const may = await createUser(server, [
        'PROCESS ON *.*',
        administrator[kind === 'mysql' ? 'mysql' : 'mariadb'],
      ]);
      await expect((await login(server, { user: may })).snapshot()).resolves.toBeDefined();
      await root.query(`SET GLOBAL init_connect = ''`);
    });

    test.runIf(kind === 'mysql')('the administrative port is told as such', async () => {
      const user = await createUser(server, ['PROCESS ON *.*']);
      await expect(login({ ...server, port: adminPort }, { user })).rejects.toMatchObject({
        code: 'connect.admin_port',
      });
    });

    test.runIf(kind === 'mysql')('offline_mode is told as such', async () => {
      const user = await createUser(server, ['PROCESS ON *.*']);
      const root = await openRoot(server);
      await root.query('SET GLOBAL offline_mode = ON');
      await expect(login(server, { user })).rejects.toMatchObject({ code: 'connect.offline_mode' });
      await root.query('SET GLOBAL offline_mode = OFF');
    });

    test.runIf(kind === 'mysql')('a plugin that is not loaded is a method that cannot be', async () => {
      const user = await createUser(server);
      const root = await openRoot(server);
      await root.query(`UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE user = '${user}'`);
      await root.query('FLUSH PRIVILEGES');
      await expect(login(server, { user })).rejects.toMatchObject({ code: 'credentials.unsupported_method' });
    });

    test.runIf(kind === 'mysql')('sha256_password and caching_sha2_password log in without TLS', async () => {
      const root = await openRoot(server);
      for (const plugin of ['sha256_password', 'caching_sha2_password']) {
        const user = await createUser(server, ['PROCESS ON *.*', administrator.mysql]);
        await root.query(`ALTER USER '${user}'@'%' IDENTIFIED WITH ${plugin} BY '${password}'`);
        await expect((await login(server, { user })).snapshot()).resolves.toBeDefined();
      }
    });

    test.runIf(kind === 'mariadb' && hasEd25519)('ed25519 is a method that is not supported', async () => {
      const root = await openRoot(server);
      await root.query(`INSTALL SONAME 'auth_ed25519'`);
      const user = await createUser(server);
      await root.query(`ALTER USER '${user}'@'%' IDENTIFIED VIA ed25519 USING PASSWORD('${password}')`);
      await expect(login(server, { user })).rejects.toMatchObject({
        ...{ kind: 'Credentials', code: 'credentials.unsupported_method', step: 'connect' },
      });
    });
  });
});

/** A proxy as ProxySQL and MaxScale are to a client: the thread of its greeting is not the server's. */
async function openProxy(to: Address): Promise<number> {
  const proxy = createServer((client) => {
    const upstream = connect(to.port, to.host);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream);
    upstream.once('data', (greeting: Buffer) => {
      const thread = greeting.indexOf(0, 5) + 1;
      greeting.writeUInt32LE((greeting.readUInt32LE(thread) + 1_000) >>> 0, thread);
      client.write(greeting);
      upstream.pipe(client);
    });
    client.on('close', () => upstream.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  return typeof address === 'object' && address ? address.port : 0;
}
