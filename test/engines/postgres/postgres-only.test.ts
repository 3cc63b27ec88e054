import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { ControlConnection } from '../../../functions/engines/engine.ts';
import { CA_FILES } from '../../servers/certificates.ts';
import { openRelay } from '../contract/relay.ts';
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
import { createPostgresAdapter } from './adapter.ts';
import { openAdmin, unique } from './admin.ts';

describe.for(inject('servers').filter(({ kind }) => kind === 'postgres'))('$name', (server) => {
  const adapter = createPostgresAdapter(server);
  beforeAll(() => adapter.setUp());
  afterAll(() => adapter.tearDown());

  const endOne = async (control: ControlConnection, session: { readonly id: string }) => {
    const seen = find(await control.snapshot(), session);
    const [attempt] = await control.end([{ session: seen, action: 'terminate' }]);
    return attempt;
  };

  describe('sessions', () => {
    test('a LISTEN is seen while it is the last statement', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.query('/* jobs */ listen jobs');
      expect(find(await control.snapshot(), session)).toMatchObject({ state: 'idle', listening: true });
      await session.work();
      expect(find(await control.snapshot(), session).listening).toBe(false);
    });

    test('a statement that the server cut is known to go on, and LISTEN behind a doubtful string is seen', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      const columns = (count: number) => Array.from({ length: count }, () => 'pg_backend_pid()').join(', ');
      await session.query(`select ${columns(70)}`);
      expect(find(await control.snapshot(), session).statement).toMatch(/^select pg_backend_pid.*…$/);
      await session.query(`select ${columns(40)}`);
      expect(find(await control.snapshot(), session).statement).toMatch(/\(\)$/);
      await session.query(String.raw`select 'a\'; listen jobs`);
      expect(find(await control.snapshot(), session).listening).toBe(true);
    });

    test('a backup begun by hand is seen while that is the last statement', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter, 'superuser');
      const isOld = Number.parseInt(server.version) < 15;
      await session.query(
        isOld ? "select pg_start_backup('by hand', true, false)" : "select pg_backup_start('by hand', true)",
      );
      expect(find(await control.snapshot(), session)).toMatchObject({ state: 'idle', backingUp: true });
      await session.query(isOld ? 'select pg_stop_backup(false)' : 'select pg_backup_stop(false)');
      expect(find(await control.snapshot(), session).backingUp).toBe(false);
    });

    test('an aborted transaction is as old as its failure, and can be ended', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.begin();
      await session.query('select 1/0').catch(() => undefined);
      await until(
        async () => find(await control.snapshot(), session).state === 'idle in transaction (aborted)',
        'it failed',
      );
      const seen = find(await control.snapshot(), session);
      expect(seen.stateMs).not.toBeNull();
      expect(seen.transactionMs).toBe(seen.stateMs);
      expect(await endOne(control, session)).toEqual({ id: session.id, result: 'signalled' });
    });

    test('a walsender is replication and is never ended, though it looks idle', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter, 'replication');
      await session.query('IDENTIFY_SYSTEM');
      expect(find(await control.snapshot(), session)).toMatchObject({ kind: 'replication' });
      expect(await endOne(control, session)).toMatchObject({ result: 'changed' });
      await expect(session.query('IDENTIFY_SYSTEM')).resolves.toBeUndefined();
    });

    test('background processes are neither clients nor take slots', async () => {
      const { sessions, capacity } = await (await controlOf(adapter)).snapshot();
      const background = sessions.filter(({ kind }) => kind === 'background');
      expect(background.length).toBeGreaterThan(3);
      expect(background.every(({ user }) => user === null)).toBe(true);
      expect(capacity.used).toBeLessThanOrEqual(sessions.length - background.length);
    });

    test('of those who queue for one row only the first waits for the holder', async () => {
      const control = await controlOf(adapter);
      const holder = await openSession(adapter);
      await holder.begin();
      const [first, second, third] = [
        await openSession(adapter),
        await openSession(adapter),
        await openSession(adapter),
      ];
      for (const waiter of [first, second, third]) await waiter.queueForRow();
      const snapshot = await control.snapshot();
      const blockedBy = (session: { readonly id: string }) =>
        find(snapshot, session)
          .blocks?.map(({ id }) => id)
          .sort();
      expect(blockedBy(holder)).toEqual([first.id]);
      expect(blockedBy(first)).toEqual([second.id, third.id].sort());
      expect([blockedBy(second), blockedBy(third)]).toEqual([[], []]);
    });

    test('a session whose role is gone has no known privileges, and is left alone', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.work();
      await adapter.execute(`drop role ${session.user}`);
      expect(find(await control.snapshot(), session).superuser).toBeNull();
      expect(await endOne(control, session)).toMatchObject({ result: 'changed' });
    });

    test('text of a database in another encoding does not hinder the look', async () => {
      const latin = unique('latin');
      const encoding = `encoding 'LATIN1' locale 'C' template template0`;
      await adapter.execute(`create database ${latin} ${encoding}`);
      onTestFinished(() => adapter.execute(`drop database ${latin} with (force)`));
      const control = await controlOf(adapter);
      const inside = await openAdmin(server, latin);
      await inside.execute(`select 1 as "grö\u00dfe"`);
      const seen = (await control.snapshot()).sessions.find(({ database }) => database === latin);
      await inside.close();
      expect(seen?.statement).toMatch(/^select \? as "gr.+e"$/);
    });

    test('limits of a database are counted', async () => {
      await adapter.execute(`alter database ${adapter.database} connection limit 60`);
      const control = await controlOf(adapter);
      await openSession(adapter);
      const { capacity } = await control.snapshot();
      expect(capacity.limits).toContainEqual({
        kind: 'database',
        name: adapter.database,
        limit: 60,
        used: 2,
      });
      await adapter.execute(`alter database ${adapter.database} connection limit -1`);
    });
  });

  describe('ending', () => {
    test('a session that fails the whole statement is refused with its code, the others are ended', async () => {
      const control = await controlOf(adapter);
      const [first, odd, last] = [
        await openSession(adapter),
        await openSession(adapter),
        await openSession(adapter),
      ];
      for (const session of [first, odd, last]) await session.work();
      const snapshot = await control.snapshot();
      const wanted = [first, odd, last].map((session) => find(snapshot, session));
      const batch = wanted.map((session) => ({
        session: session.id === odd.id ? { ...session, id: '99999999999' } : session,
        action: 'terminate' as const,
      }));
      const attempts = await control.end(batch);
      expect(attempts.map(({ result }) => result)).toEqual(['signalled', 'refused', 'signalled']);
      expect(attempts[1]).toMatchObject({ code: '22003' });
      expect(await odd.answers()).toBe(true);
    });

    test('a session in another transaction than was seen is left alone', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.begin();
      const seen = find(await control.snapshot(), session);
      for (const transactionStart of ['1', '']) {
        const identity = { ...seen.identity, transactionStart };
        const attempts = await control.end([{ session: { ...seen, identity }, action: 'terminate' }]);
        expect(attempts).toEqual([{ id: session.id, result: 'changed' }]);
      }
      expect(await session.answers()).toBe(true);
    });

    test('a server that forbids the function refuses each with its code', async () => {
      const inside = await openAdmin(server, adapter.database);
      const name = String(
        await inside.value(`select oid::regprocedure from pg_proc where proname = 'pg_terminate_backend'`),
      );
      await inside.execute(`revoke execute on function ${name} from public`);
      onTestFinished(async () => {
        await inside.execute(`grant execute on function ${name} to public`);
        await inside.close();
      });
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.work();
      expect(await endOne(control, session)).toMatchObject({ result: 'refused', code: '42501' });
      expect(await session.answers()).toBe(true);
    });

    test('without pg_signal_backend it still ends sessions of its own roles', async () => {
      const login = await adapter.createLogin('see');
      const control = await connectTo(adapter, login);
      const session = await openSession(adapter);
      await session.work();
      await adapter.execute(`grant ${session.user} to ${login.user}`);
      expect(await endOne(control, session)).toMatchObject({ result: 'signalled' });
    });
  });

  describe('logging in', () => {
    test('a hostile search_path of the role changes nothing', async () => {
      const inside = await openAdmin(server, adapter.database);
      await inside.execute(`create schema if not exists evil;
        create or replace view evil.pg_stat_activity as select 1 as pid;
        create or replace function evil.pg_terminate_backend(int) returns boolean language sql as 'select true';
        create or replace function evil.eq(int, int) returns boolean language sql as 'select true';
        grant usage on schema evil to public`);
      await inside.close();
      const login = await adapter.createLogin('see and end');
      await adapter.execute(`alter role ${login.user} set search_path = evil, pg_catalog`);
      await adapter.execute(`alter role ${login.user} set statement_timeout = 1`);
      const control = await connectTo(adapter, login);
      const session = await openSession(adapter);
      await session.work();
      expect(await endOne(control, session)).toMatchObject({ result: 'signalled' });
      await until(async () => !(await session.answers()), 'it is really gone');
    });

    test('the environment has no say', async () => {
      const login = await adapter.createLogin('see and end');
      vi.stubEnv('PGPASSWORD', login.password);
      vi.stubEnv('PGOPTIONS', '-c default_transaction_read_only=off');
      vi.stubEnv('PGSSLMODE', 'no-verify');
      onTestFinished(() => void vi.unstubAllEnvs());
      const fault = await errorOf(adapter.engine.connect({ ...login, password: '' }, generous, never));
      expect(fault).toMatchObject({ step: 'connect' });
    });

    test('a role without slots left is connect.too_many_connections', async () => {
      const login = await adapter.createLogin('see and end');
      await adapter.execute(`alter role ${login.user} connection limit 0`);
      const fault = await errorOf(adapter.engine.connect(login, generous, never));
      expect(fault).toMatchObject({ kind: 'Connect', code: 'connect.too_many_connections', actor: 'dba' });
    });

    test('a database that it may not enter is connect.database_refused', async () => {
      const closed = unique('closed');
      await adapter.execute(`create database ${closed}`);
      onTestFinished(() => adapter.execute(`drop database ${closed}`));
      await adapter.execute(`revoke connect on database ${closed} from public`);
      const login = { ...(await adapter.createLogin('see and end')), database: closed };
      const fault = await errorOf(adapter.engine.connect(login, generous, never));
      expect(fault).toMatchObject({ kind: 'Connect', code: 'connect.database_refused' });
    });

    test('without a database it is postgres', async () => {
      const login = await adapter.createLogin('see and end');
      const control = await connectTo(adapter, { ...login, database: null });
      const ours = (await control.snapshot()).sessions.find(({ user }) => user === login.user);
      expect(ours).toMatchObject({ database: 'postgres', application: 'unleak' });
    });

    const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
      all?.some(({ address }) => address === '::1'),
    );
    test.runIf(hasIpv6)('an IPv6 address is verified as what it is', async () => {
      const { port } = await openRelay(server, '::1');
      const tls = { ca: readFileSync(CA_FILES.trusted, 'utf8') };
      const login = { ...(await adapter.createLogin('see and end')), host: '::1', port, tls };
      await expect((await connectTo(adapter, login)).snapshot()).resolves.toBeDefined();
    });

    test('being ended while idle is connect.shutting_down at the next statement, and no unhandled event', async () => {
      const login = await adapter.createLogin('see and end');
      const control = await connectTo(adapter, login);
      await adapter.execute(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${login.user}'`,
      );
      await until(async () => (await adapter.countSessionsOf(login.user)) === 0, 'our session is gone');
      const fault = await errorOf(control.snapshot());
      expect(fault).toMatchObject({ kind: 'Connect', code: 'connect.shutting_down', step: 'snapshot' });
    });
  });

  describe('privileges', () => {
    test('a login that is a member but does not inherit gets the statement that mends that', async () => {
      const login = await adapter.createLogin('nothing');
      await adapter.execute(`alter role ${login.user} noinherit; grant pg_monitor to ${login.user}`);
      const fault = await errorOf((await connectTo(adapter, login)).snapshot());
      expect(fault).toMatchObject({ code: 'snapshot.privileges' });
      const [statement] = /(?:GRANT|ALTER) [^;]*;/.exec((fault as Error).message) ?? [];
      await adapter.execute(statement ?? 'no statement');
      await expect((await connectTo(adapter, login)).snapshot()).resolves.toBeDefined();
    });

    test('the name of the login is quoted in the grant', async () => {
      const login = await adapter.createLogin('nothing');
      const odd = `${login.user} "odd"`;
      await adapter.execute(`alter role ${login.user} rename to "${odd.replaceAll('"', '""')}"`);
      onTestFinished(() => adapter.execute(`drop role "${odd.replaceAll('"', '""')}"`));
      await adapter.execute(`alter role "${odd.replaceAll('"', '""')}" password '${login.password}'`);
      const control = await connectTo(adapter, { ...login, user: odd });
      const fault = await errorOf(control.snapshot());
      expect((fault as Error).message).toContain(`GRANT pg_monitor TO "${login.user} ""odd""";`);
      await control.close();
      await until(async () => (await adapter.countSessionsOf(odd)) === 0, 'our session is gone');
    });

    test('a superuser lacks nothing', async () => {
      const { adminUser: user, adminPassword: password, host, port } = server;
      const login = { host, port, user, password, database: null, tls: 'off' as const };
      expect((await (await connectTo(adapter, login)).snapshot()).missing).toEqual([]);
    });
  });
});
