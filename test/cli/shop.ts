import { createConnection } from 'mysql2/promise';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { openAdmin as openMysqlAdmin } from '../engines/mysql/admin.ts';
import { openAdmin as openPostgresAdmin } from '../engines/postgres/admin.ts';
import { until } from '../engines/contract/sessions.ts';
import type { ProvidedServer } from '../servers/global-setup.ts';
import { runCli } from './run-cli.ts';

/** A server with an application's idle sessions, and a login for unleak made with the SQL of `unleak grants`. */
export interface Shop {
  readonly url: string;
  /** The password inside the URL, which must never be seen. */
  readonly password: string;
  readonly appUser: string;
  open(): Promise<void>;
  /** How many of the application's sessions the server still has. */
  count(): Promise<number>;
  close(): Promise<void>;
}

/** Applies the printed grants as they are, and opens idle sessions that are more than a second old when it resolves. */
export async function openShop(server: ProvidedServer, sessions = 3): Promise<Shop> {
  const tag = randomBytes(5).toString('hex');
  const unleak = `unleak_${tag}`;
  const appUser = `app_${tag}`;
  const isPostgres = server.kind === 'postgres';
  const admin = isPostgres ? await openPostgresAdmin(server) : await openMysqlAdmin(server);
  const grants = await runCli(['grants', '--engine', server.kind, '--user', unleak]);
  await admin.execute(grants.out);
  const password = /(?:PASSWORD|IDENTIFIED BY) '([^']+)'/.exec(grants.out)?.[1] ?? '';
  const makeUser = isPostgres
    ? `CREATE ROLE ${appUser} LOGIN PASSWORD '${tag}'`
    : `CREATE USER ${appUser}@'%' IDENTIFIED BY '${tag}'`;
  await admin.execute(makeUser);
  const closers: (() => void)[] = [];
  const open = async () => void closers.push(await openSession(server, appUser, tag));
  for (let index = 0; index < sessions; index += 1) await open();
  const countSql = isPostgres
    ? `select count(*) from pg_stat_activity where usename = '${appUser}'`
    : `SELECT COUNT(*) FROM information_schema.processlist WHERE user = '${appUser}'`;
  const count = async () => Number(await admin.value(countSql));
  const url = `${server.kind}://${unleak}:${password}@${server.host}:${server.port}`;
  await until(() => areAged(url, appUser, sessions), 'the sessions are older than a second');
  return {
    ...{ url, password, appUser, open, count },
    close: async () => {
      for (const close of closers) close();
      await until(async () => (await count()) === 0, 'the application left');
      await admin.execute(
        isPostgres ? `DROP ROLE ${appUser}, ${unleak}` : `DROP USER ${appUser}@'%', ${unleak}@'%'`,
      );
      await admin.close();
    },
  };
}

async function openSession({ kind, host, port }: ProvidedServer, user: string, password: string) {
  if (kind === 'postgres') {
    const client = new Client({
      host,
      port,
      user,
      password,
      database: 'postgres',
      ssl: false,
      application_name: 'shop-web',
    });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('select 1');
    return () => void client.end();
  }
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    connectTimeout: 20_000,
    connectAttributes: { program_name: 'shop-web' },
  });
  connection.on('error', () => undefined);
  await connection.query('SELECT 1');
  return () => connection.destroy();
}

interface LookedAt {
  readonly sessions: readonly { readonly user: string | null; readonly stateMs: number | null }[];
}

async function areAged(url: string, user: string, sessions: number): Promise<boolean> {
  const { out, err } = await runCli(['look', '--url', url, '--json']);
  if (out === '') throw new Error(err);
  const look = JSON.parse(out) as LookedAt;
  return (
    look.sessions.filter((session) => session.user === user && (session.stateMs ?? 0) >= 1_100).length ===
    sessions
  );
}

/** A policy that takes the idle sessions of this user and nobody else's. MariaDB cannot tell who holds a GET_LOCK. */
export function policyFor(appUser: string): string {
  return `rules: [{ name: leaked, state: idle, for: 1s, match: { user: ${appUser} } }]\nlift: [advisory-lock]\ncaps: { share: 100% }\n`;
}
