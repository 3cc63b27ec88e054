import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../servers/postgres.ts';
import type { SweepEventInput } from '../../functions/contract/event.ts';

/** An application on a PostgreSQL server of its own: a sweep looks at a whole server, so it cannot share one. */
export interface PostgresShop {
  readonly host: string;
  readonly port: number;
  /** What Secrets Manager would hold. */
  readonly secret: (overrides?: Readonly<Record<string, unknown>>) => string;
  /** An event for this server; the policy speaks of idle sessions, a second old, of `shop` and `boss`. */
  readonly event: (target?: Partial<SweepEventInput['target']>) => SweepEventInput;
  /** Runs a statement as the administrator and gives its rows. */
  ask(sql: string): Promise<Record<string, unknown>[]>;
  /** Opens an idle session and runs a statement in it. */
  open(
    application: string,
    options?: { readonly user?: 'shop' | 'boss'; readonly sql?: string },
  ): Promise<pg.Client>;
  /** Resolves when so many sessions have been idle for a second. */
  untilIdle(count: number): Promise<void>;
  /** Ends what the test opened, and fails if a control connection stays behind. */
  cleanUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server, with a login for unleak, one for the application, and a superuser called `boss`. */
export async function openPostgresShop(): Promise<PostgresShop> {
  const server = await startPostgres();
  const { host, port } = server;
  const where = { host, port, database: 'postgres', ssl: false };
  const password = randomBytes(12).toString('hex');
  const admin = new pg.Client({ ...where, user: server.adminUser, password: server.adminPassword });
  await admin.connect();
  await admin.query(`
    create role shop login password '${password}';
    create role boss superuser login password '${password}';
    create role unleak login password '${password}' in role pg_monitor, pg_signal_backend;`);
  const ask = async (sql: string) => (await admin.query<Record<string, unknown>>(sql)).rows;
  const clients: pg.Client[] = [];

  return {
    ...{ host, port, ask },
    secret: (overrides) => JSON.stringify({ username: 'unleak', password, host, port, ...overrides }),
    event: (target) => ({
      version: 1,
      target: { name: 'shop', engine: 'postgres', secret: 'test/shop', tls: 'off', ...target },
      policy: {
        rules: [{ name: 'leaked', state: 'idle', for: '1s', match: { user: ['shop', 'boss'] } }],
        caps: { perSweep: 50, share: '100%' },
      },
    }),
    open: async (application, { user = 'shop', sql = 'select 1' } = {}) => {
      const client = new pg.Client({ ...where, user, password, application_name: application });
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      await client.query(sql);
      return client;
    },
    untilIdle: (count) =>
      until(async () => {
        const aged = `state = 'idle' and state_change < clock_timestamp() - interval '1 s'`;
        const users = `usename in ('shop', 'boss')`;
        const rows = await ask(`select from pg_stat_activity where ${aged} and ${users}`);
        return rows.length === count;
      }),
    cleanUp: async () => {
      const all = clients.splice(0);
      await Promise.all(all.map((client) => client.end().catch(() => undefined)));
      await until(async () => (await ask(othersSql)).length === 0);
    },
    stop: async () => {
      await admin.end();
      await server.stop();
    },
  };
}

const othersSql = `
  select pid from pg_stat_activity
  where pid <> pg_backend_pid() and backend_type = 'client backend'`;

/** Waits for a condition, thirty seconds at most. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    if (await isTrue()) return;
    await wait(20);
  }
  throw new Error('what the test waits for did not happen in thirty seconds');
}

/** Whether the server still answers this session. */
export async function isAlive(client: pg.Client): Promise<boolean> {
  return client.query('select 1').then(
    () => true,
    () => false,
  );
}
