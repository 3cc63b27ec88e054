import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { LocalServer } from '../../../servers/local-server.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import { CA_FILES } from '../../servers/certificates.ts';
import { TESTED_SERVERS } from '../../servers/available-servers.ts';
import {
  connectTo,
  controlOf,
  errorOf,
  find,
  generous,
  never,
  openSession,
  until,
} from '../contract/sessions.ts';
import { readFileSync } from 'node:fs';
import { createPostgresAdapter } from './adapter.ts';
import { openAdmin, unique } from './admin.ts';

const slots = 16;
const common = {
  max_connections: String(slots),
  superuser_reserved_connections: '2',
  max_prepared_transactions: '5',
  track_activity_query_size: '1500', // as text 1500B, which PostgreSQL 15 cannot read back
};
const settingsOf = (major: number) => (major >= 16 ? { ...common, reserved_connections: '3' } : common);

// What would disturb the other tests of a server, or needs settings of its own.
describe.for(inject('servers').filter(({ kind }) => kind === 'postgres'))('a $name of its own', (shared) => {
  let server: LocalServer;
  let major: number;
  let adapter: ReturnType<typeof createPostgresAdapter>;
  beforeAll(async () => {
    const tested = TESTED_SERVERS.find(({ id }) => id === shared.id);
    if (!tested) throw new Error(`unknown server ${shared.id}`);
    major = Number.parseInt(shared.version);
    server = await tested.start({ settings: settingsOf(major) });
    adapter = createPostgresAdapter({ ...shared, ...server });
    await adapter.setUp();
  });
  afterAll(async () => {
    await adapter.tearDown();
    await server.stop();
  });

  test('a server without TLS is connect.tls_refused', async () => {
    const login = await adapter.createLogin('see and end');
    const tls = { ca: readFileSync(CA_FILES.trusted, 'utf8') };
    const fault = await errorOf(adapter.engine.connect({ ...login, tls }, generous, never));
    expect(fault).toMatchObject({ kind: 'Connect', code: 'connect.tls_refused', step: 'connect' });
  });

  test('how much of a statement is kept is what the server was told to keep', async () => {
    const control = await controlOf(adapter);
    const session = await openSession(adapter);
    for (const [count, isCut] of [
      [65, false],
      [90, true],
    ] as const) {
      await session.query(`select ${Array.from({ length: count }, () => 'pg_backend_pid()').join(', ')}`);
      expect(find(await control.snapshot(), session).statement?.endsWith('…')).toBe(isCut);
    }
  });

  test('of sweeps of several databases that start at once at most one wins', async () => {
    const login = await adapter.createLogin('see and end');
    const logins: Login[] = [];
    for (let n = 0; n < 4; n++) {
      const database = unique('other');
      await adapter.execute(`create database ${database}`);
      onTestFinished(() => adapter.execute(`drop database ${database} with (force)`));
      logins.push({ ...login, database });
    }
    for (let round = 0; round < 12; round++) {
      const controls = await Promise.all(
        logins.map((login) => adapter.engine.connect(login, generous, never)),
      );
      const wins = await Promise.all(controls.map((control) => control.lock()));
      await Promise.all(controls.map((control) => control.close()));
      expect(wins.filter(({ isTaken }) => isTaken)).toHaveLength(1);
    }
  });

  test('a sweep of one database keeps out a sweep of another', async () => {
    const login = await adapter.createLogin('see and end');
    const first = await connectTo(adapter, login);
    const second = await connectTo(adapter, { ...login, database: 'postgres' });
    expect((await first.lock()).isTaken).toBe(true);
    expect((await second.lock()).isTaken).toBe(false);
    await first.close();
    await until(async () => (await second.lock()).isTaken, 'the lock is free');
    const third = await connectTo(adapter, login);
    expect((await third.lock()).isTaken).toBe(false);
  });

  test('a prepared transaction blocks without being a session', async () => {
    const control = await controlOf(adapter);
    const holder = await openSession(adapter);
    await holder.begin();
    await holder.query(`prepare transaction 'left behind'`);
    const waiter = await openSession(adapter);
    const { ended } = await waiter.queueForRow();
    const snapshot = await control.snapshot();
    expect(find(snapshot, holder)).toMatchObject({ state: 'idle', transactionMs: 0, blocks: [] });
    expect(snapshot.sessions.flatMap(({ blocks }) => blocks)).toEqual([]);
    const inside = await openAdmin({ ...shared, ...server }, adapter.database);
    await inside.execute(`rollback prepared 'left behind'`);
    await inside.close();
    await ended;
  });

  test('a look that must wait for a locked catalog gives up in time', async () => {
    const login = await adapter.createLogin('see and end');
    const control = await connectTo(adapter, login, { ...generous, statementMs: 200 });
    await adapter.execute('begin; lock table pg_authid in access exclusive mode');
    const fault = await errorOf(control.snapshot());
    await adapter.execute('rollback');
    expect(fault).toMatchObject({ kind: 'Snapshot', code: 'snapshot.statement_timeout' });
    await expect(control.snapshot()).resolves.toBeDefined();
  });

  test('a full server is connect.too_many_connections, and its last look shows it full', async () => {
    const control = await controlOf(adapter);
    const login = await adapter.createLogin('see and end');
    const clients: Client[] = [];
    onTestFinished(async () => {
      await Promise.all(clients.map((client) => client.end()));
    });
    const isFull = async () => {
      const client = new Client({
        ...login,
        database: adapter.database,
        ssl: false,
        application_name: 'pool',
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        clients.push(client);
        return false;
      } catch {
        return true;
      }
    };
    await until(isFull, 'the server is full');
    const fault = await errorOf(adapter.engine.connect(login, generous, never));
    expect(fault).toMatchObject({ code: 'connect.too_many_connections' });
    const { maxConnections, reserved, used } = (await control.snapshot()).capacity;
    expect({ maxConnections, reserved }).toEqual({ maxConnections: slots, reserved: major >= 16 ? 5 : 2 });
    expect(used).toBeGreaterThanOrEqual(slots - reserved);
    if (major < 16) return;
    await adapter.execute(`grant pg_use_reserved_connections to ${login.user}`);
    await expect(connectTo(adapter, login)).resolves.toBeDefined();
  });
});
