import { describe, expect, inject, test } from 'vitest';
import { postgresEngine } from '../../../functions/engines/postgres/engine.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import type { ProvidedServer } from '../../servers/global-setup.ts';
import { openRelay } from '../contract/relay.ts';
import { errorOf, generous, never } from '../contract/sessions.ts';
import { openAdmin } from './admin.ts';
import { hasPgbouncer, howToGetPgbouncer, startPgbouncer } from './pgbouncer.ts';

/* Debian's own PgBouncer between us and the server: refused with a code of its own, and nothing of ours stays in its connections. */

const servers = inject('servers').filter(({ kind }) => kind === 'postgres');
/** As administrators write who have met drivers that send settings at login. */
const lenient = {
  ignore_startup_parameters: 'options,statement_timeout,lock_timeout,extra_float_digits,search_path',
};

const toLogin = (server: ProvidedServer, port: number, own: Partial<Login> = {}): Login => {
  const { host, adminUser: user, adminPassword: password } = server;
  return { host, port, user, password, database: 'postgres', tls: 'off', ...own };
};

const connect = (login: Login) => errorOf(postgresEngine.connect(login, generous, never));

if (!hasPgbouncer) test.skip(howToGetPgbouncer);

describe.for(hasPgbouncer ? servers : [])('$name behind PgBouncer', (server) => {
  const start = (settings: Readonly<Record<string, string>>) =>
    startPgbouncer(server, [{ user: server.adminUser, password: server.adminPassword }], settings);

  test.for(['session', 'transaction', 'statement'])(
    'in %s mode, told by the number of the process, and its connection is left as it was',
    async (pool_mode) => {
      const port = await start({ pool_mode, ...lenient, server_reset_query: '', default_pool_size: '1' });
      const fault = await connect(toLogin(server, port));
      expect(fault).toMatchObject({ kind: 'Connect', code: 'connect.pooler', step: 'connect' });
      expect(fault).not.toHaveProperty('cause');
      const untouched = { locks: 0, readOnly: 'off', timeout: '0', path: '"$user", public' };
      expect(await leftBehind(server, port)).toEqual(untouched);
    },
  );

  test('that takes no settings at login is told by its error', async () => {
    const port = await start({ pool_mode: 'transaction' });
    expect(await connect(toLogin(server, port))).toMatchObject({ code: 'connect.pooler' });
  });

  test.for<[string, Partial<Login>]>([
    ['a database', { database: 'elsewhere' }],
    ['a user', { user: 'nobody_here' }],
  ])('that does not know %s', async ([, own]) => {
    const port = await start({ pool_mode: 'transaction', ...lenient });
    const fault = await connect(toLogin(server, port, own));
    expect(fault).toMatchObject({ step: 'connect' });
    expect(['connect.pooler', 'connect.unknown_database', 'credentials.login_refused']).toContain(
      (fault as { code: string }).code,
    );
  });
});

test.for(servers)('a TCP relay before $name is no pooler', async (server) => {
  const { port } = await openRelay(server);
  const control = await postgresEngine.connect(toLogin(server, port), generous, never);
  await expect(control.snapshot()).resolves.toBeDefined();
  await control.close();
});

/** What the next client finds in the one connection that PgBouncer keeps to the server. */
async function leftBehind(server: ProvidedServer, port: number): Promise<unknown> {
  const next = await openAdmin({ ...server, port });
  const found = await next.value(`select pg_catalog.json_build_object(
    'locks', (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
    'readOnly', current_setting('default_transaction_read_only'), 'timeout', current_setting('statement_timeout'),
    'path', current_setting('search_path'))`);
  await next.close();
  return found;
}
