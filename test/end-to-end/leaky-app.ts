import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { LocalServer } from '../../servers/local-server.ts';

/** An application that leaks on a server of its own, and a login for unleak with the documented rights and no more. */
export interface LeakyApp {
  /** What Secrets Manager holds; `password` is its own, and appears nowhere else. */
  readonly secret: {
    readonly username: string;
    readonly password: string;
    readonly host: string;
    readonly port: number;
  };
  /** Opens a session of `shop` that runs a statement and is then forgotten; resolves when it has been idle for a second. */
  leak(sql: string): Promise<void>;
  /** How many sessions this user has. */
  countSessions(user: 'shop' | 'unleak'): Promise<number>;
  close(): Promise<void>;
}

/** Opens the application on PostgreSQL, MySQL or MariaDB. */
export function openLeakyApp(server: LocalServer): Promise<LeakyApp> {
  return server.kind === 'postgres' ? openOnPostgres(server) : openOnMysql(server);
}

async function openOnPostgres({ host, port, adminUser, adminPassword }: LocalServer): Promise<LeakyApp> {
  const passwords = { shop: newPassword(), unleak: newPassword() };
  const where = { host, port, database: 'postgres', ssl: false };
  const admin = new pg.Client({ ...where, user: adminUser, password: adminPassword });
  await admin.connect();
  await admin.query(`
    create role shop login password '${passwords.shop}';
    create role unleak login password '${passwords.unleak}' in role pg_monitor, pg_signal_backend`);
  const count = async (condition: string) =>
    (await admin.query(`select from pg_stat_activity where ${condition}`)).rowCount ?? 0;
  const clients: pg.Client[] = [];
  return {
    secret: { username: 'unleak', password: passwords.unleak, host, port },
    leak: async (sql) => {
      const client = new pg.Client({
        ...where,
        user: 'shop',
        password: passwords.shop,
        application_name: 'worker',
      });
      client.on('error', () => undefined);
      clients.push(client);
      await client.connect();
      await client.query(sql);
      await until(
        async () => (await count(`usename = 'shop' and state_change > now() - interval '1 s'`)) === 0,
      );
    },
    countSessions: (user) => count(`usename = '${user}'`),
    close: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await admin.end();
    },
  };
}

async function openOnMysql({ kind, host, port, adminUser, adminPassword }: LocalServer): Promise<LeakyApp> {
  const passwords = { shop: newPassword(), unleak: newPassword() };
  const where = { host, port, connectTimeout: 20_000 };
  const admin = await mysql.createConnection({ ...where, user: adminUser, password: adminPassword });
  for (const [user, password] of Object.entries(passwords))
    await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY '${password}'`);
  for (const right of documentedRights[kind]) await admin.query(`GRANT ${right} TO unleak@'%'`);
  const count = async (condition: string) => {
    const [rows] = await admin.query(`SELECT id FROM information_schema.processlist WHERE ${condition}`);
    return (rows as unknown[]).length;
  };
  const connections: mysql.Connection[] = [];
  return {
    secret: { username: 'unleak', password: passwords.unleak, host, port },
    leak: async (sql) => {
      const connection = await mysql.createConnection({ ...where, user: 'shop', password: passwords.shop });
      connection.on('error', () => undefined);
      connections.push(connection);
      await connection.query(sql);
      // TIME is whole seconds: 2 means more than one.
      await until(async () => (await count(`user = 'shop' AND time < 2`)) === 0);
    },
    countSessions: (user) => count(`user = '${user}'`),
    close: async () => {
      for (const connection of connections) connection.destroy();
      await admin.end();
    },
  };
}

const onUsers = 'SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user';
const onBoth = ['PROCESS ON *.*', 'SELECT ON performance_schema.*', onUsers];
/** What unleak needs on MySQL and MariaDB, as the docs ask for it. */
export const documentedRights: Readonly<Record<LocalServer['kind'], readonly string[]>> = {
  postgres: [],
  mysql: [
    ...onBoth,
    ...['CONNECTION_ADMIN ON *.*', 'SELECT ON mysql.global_grants', 'SELECT ON mysql.role_edges'],
  ],
  mariadb: [...onBoth, 'CONNECTION ADMIN ON *.*', 'SELECT ON mysql.roles_mapping'],
};

/** Easy to search for, and like nothing else. */
function newPassword(): string {
  return `pw-marker-${randomBytes(9).toString('hex')}`;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    if (await isTrue()) return;
    await wait(50);
  }
  throw new Error('what the test waits for did not happen in thirty seconds');
}
