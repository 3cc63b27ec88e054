import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { postgresEngine } from '../../../functions/engines/postgres/engine.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import { connectTo, errorOf, find, generous, never, openSession } from '../contract/sessions.ts';
import { openAdmin, unique } from './admin.ts';
import { createPostgresAdapter } from './adapter.ts';

/* What a server, a role or a login trigger may do to our own session. */

const servers = inject('servers').filter(({ kind }) => kind === 'postgres');

/** Settings that an administrator may give a role, or a hostile one would. */
const hostile: Readonly<Record<string, string>> = {
  statement_timeout: '1',
  lock_timeout: '1',
  idle_session_timeout: '100',
  idle_in_transaction_session_timeout: '100',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  default_transaction_read_only: 'on',
  exit_on_error: 'on',
  extra_float_digits: '-15',
  '"DateStyle"': 'SQL, DMY',
  '"IntervalStyle"': 'sql_standard',
  '"TimeZone"': 'Asia/Kathmandu',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  client_encoding: 'LATIN1',
  row_security: 'off',
  search_path: 'public',
};

describe.for(servers)('$name', (server) => {
  const adapter = createPostgresAdapter(server);
  beforeAll(() => adapter.setUp());
  afterAll(() => adapter.tearDown());
  const refusalOf = (login: Login) => errorOf(adapter.engine.connect(login, generous, never));

  test('no setting of the role changes what is read, or ends our session while it rests', async () => {
    const login = await adapter.createLogin('see and end');
    for (const [name, value] of Object.entries(hostile))
      await adapter.execute(`alter role ${login.user} set ${name} = '${value}'`);
    const somebody = await adapter.createLogin('nothing');
    await adapter.execute(`grant ${somebody.user} to ${login.user}`);
    await adapter.execute(`alter role ${login.user} set role = '${somebody.user}'`);
    const session = await openSession(adapter);
    await session.work();
    const control = await connectTo(adapter, login);
    await wait(300); // longer than every time-out above
    const { sessions, takenAt } = await control.snapshot();
    const seen = find({ sessions } as never, session);
    expect(Math.abs(Date.parse(takenAt) - (await adapter.nowMs()))).toBeLessThan(5_000);
    const [attempt] = await control.end([{ session: seen, action: 'terminate' }]);
    expect(attempt).toMatchObject({ result: 'signalled' });
  });

  test.for([
    ['idle_session_timeout', 14, '1ms'],
    ['transaction_timeout', 17, '1ms'],
    ['statement_timeout', 13, '1ms'],
    ['idle_in_transaction_session_timeout', 13, '1ms'],
    ['lock_timeout', 13, '1ms'],
  ] as const)('a role whose %s is next to nothing logs in, or is told so', async ([name, since, value]) => {
    if (Number.parseInt(server.version, 10) < since) return;
    const login = await adapter.createLogin('see');
    await adapter.execute(`alter role ${login.user} set ${name} = '${value}'`);
    const outcome: unknown = await adapter.engine.connect(login, generous, never).then(
      (control) => control.close(),
      (fault: unknown) => fault,
    );
    const isPinned = !['idle_session_timeout', 'transaction_timeout'].includes(name);
    if (isPinned) expect(outcome).toBeUndefined();
    else if (outcome !== undefined)
      expect(outcome).toMatchObject({
        code: 'connect.time_limit',
        message: expect.stringContaining(`SET ${name} = 0`) as string,
      });
  });

  test('a role that may not log in is told apart from a wrong password', async () => {
    const login = await adapter.createLogin('see');
    await adapter.execute(`alter role ${login.user} nologin`);
    expect(await refusalOf(login)).toMatchObject({
      code: 'credentials.login_refused',
      message: expect.stringContaining('NOLOGIN') as string,
    });
    expect(await refusalOf({ ...login, password: 'wrong' })).toMatchObject({
      code: 'credentials.login_refused',
    });
    await adapter.execute(`alter role ${login.user} login valid until '2000-01-01'`);
    expect(await refusalOf(login)).toMatchObject({
      code: 'credentials.login_refused',
      message: expect.stringContaining('VALID UNTIL') as string,
    });
  });

  test('a database that takes no connections is told', async () => {
    const login = { ...(await adapter.createLogin('see')), database: 'template0' };
    expect(await refusalOf(login)).toMatchObject({ code: 'connect.database_refused' });
  });

  test('by membership in the role of an application its sessions may be ended, and no one else’s', async () => {
    const login = await adapter.createLogin('see');
    const [ours, others] = [await openSession(adapter), await openSession(adapter)];
    for (const session of [ours, others]) await session.work();
    await adapter.execute(`grant ${ours.user} to ${login.user}`);
    const control = await connectTo(adapter, login);
    const snapshot = await control.snapshot();
    expect(snapshot.killScope).toEqual({ users: [ours.user], butNot: [] });
    expect(snapshot.missing).toEqual([]);
    const wanted = [ours, others].map((session) => ({
      session: find(snapshot, session),
      action: 'terminate' as const,
    }));
    expect((await control.end(wanted)).map(({ result }) => result)).toEqual(['signalled', 'refused']);
  });

  describe.runIf(Number.parseInt(server.version, 10) >= 17)('a login trigger', () => {
    const triggers: readonly (readonly [does: string, body: string, code: string | null])[] = [
      ['writes what it may', 'insert into public.logins values (session_user)', null],
      ['writes what it may not', 'insert into public.closed values (session_user)', 'connect.login_trigger'],
      ['refuses', `raise exception 'not from here'`, 'connect.login_trigger'],
      [
        'changes settings',
        `perform set_config('application_name', 'x', false), set_config('search_path', 'public', false),
          set_config('extra_float_digits', '-15', false)`,
        null,
      ],
    ];
    test.each(triggers)('that %s', async (_does, body, code) => {
      const database = unique('trigger');
      await adapter.execute(`create database ${database}`);
      const inside = await openAdmin(server, database);
      onTestFinished(async () => {
        await inside.close();
        await adapter.execute(`drop database ${database} with (force)`);
      });
      await inside.execute(`create table public.logins (who text); grant insert on public.logins to public;
        create table public.closed (who text);
        create function public.at_login() returns event_trigger language plpgsql as $$begin ${body}; end$$;
        create event trigger at_login on login execute function public.at_login()`);
      const login = { ...(await adapter.createLogin('see and end')), database };
      if (code !== null) {
        expect(await refusalOf(login)).toMatchObject({ code, step: 'connect' });
        return;
      }
      const { sessions } = await (await connectTo(adapter, login)).snapshot();
      expect(sessions.find(({ user }) => user === login.user)).toMatchObject({ application: 'unleak' });
    });
  });
});

const methods = [
  ['GSSAPI', [0x52, 0, 0, 0, 8, 0, 0, 0, 7], 'credentials.unsupported_method'],
  ['SSPI', [0x52, 0, 0, 0, 8, 0, 0, 0, 9], 'credentials.unsupported_method'],
  ['nothing that is known', [0x58, 0, 0, 0, 8, 0, 0, 0, 9], 'connect.protocol'],
] as const;

test.for(methods)('a server that wants %s ends the login, and not the process', async ([, bytes, code]) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Buffer.from(bytes)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const login = { host: '127.0.0.1', port, user: 'u', password: 'p', database: null, tls: 'off' } as const;
  const connecting = postgresEngine.connect(login, { ...generous, connectMs: 1_000 }, never);
  expect(await errorOf(connecting)).toMatchObject({ code, step: 'connect' });
});
