import { randomBytes } from 'node:crypto';
import type { LocalServer, ServerKind, StartOptions } from '../../servers/local-server.ts';
import { startMariadb } from '../../servers/mariadb.ts';
import { startMysql } from '../../servers/mysql.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { mysqlSettings } from '../../cli/demo/mysql-estate.ts';
import { type AppLogin, openMysqlApp, openPostgresApp } from './app-connection.ts';
import { works } from './work.ts';

/** A server of its own with the applications' tables and everybody's logins. */
export interface ChaosEstate {
  readonly server: LocalServer;
  readonly shop: AppLogin;
  readonly unleak: AppLogin;
  readonly admin: AppLogin;
}

const starts: Readonly<Record<ServerKind, (options: StartOptions) => Promise<LocalServer>>> = {
  postgres: startPostgres,
  mysql: startMysql,
  mariadb: startMariadb,
};

/** Starts the server with room for so many sessions, and with settings of its own. */
export async function openEstate(
  kind: ServerKind,
  sessions: number,
  own: Readonly<Record<string, string>> = {},
): Promise<ChaosEstate> {
  const server = await starts[kind]({ settings: { ...settingsFor(kind, sessions), ...own } });
  const password = randomBytes(12).toString('hex');
  const { host, port } = server;
  const database = kind === 'postgres' ? 'postgres' : 'shop';
  const login = (user: string): AppLogin => ({ host, port, user, password, database });
  const admin = { ...login(server.adminUser), password: server.adminPassword };
  const first = { ...admin, ...(kind !== 'postgres' && { database: 'mysql' }) };
  const app = await (kind === 'postgres' ? openPostgresApp : openMysqlApp)(first, () => undefined);
  for (const sql of [...accounts(kind, password), ...works[kind].setUp(sessions)]) await app.ask(sql);
  app.close();
  return { server, shop: login('shop'), unleak: login('unleak'), admin };
}

function settingsFor(kind: ServerKind, sessions: number): Record<string, string> {
  const most = String(sessions + 50);
  if (kind === 'postgres') return { max_connections: most, shared_buffers: '32MB' };
  const room = { max_connections: most, open_files_limit: String(sessions * 3 + 1_000) };
  return kind === 'mariadb' ? { ...room, ...mysqlSettings } : room;
}

function accounts(kind: ServerKind, password: string): readonly string[] {
  if (kind === 'postgres')
    return [
      'set scram_iterations = 1', // thousands of logins are not what is measured
      ...['shop', 'witness'].map((name) => `create role ${name} login password '${password}'`),
      'grant shop to witness',
      `create role unleak login password '${password}' in role pg_monitor, pg_signal_backend`,
    ];
  const kill = kind === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
  const roles = kind === 'mysql' ? ['global_grants', 'role_edges'] : ['roles_mapping'];
  return [
    'CREATE DATABASE shop',
    ...['shop', 'witness', 'unleak'].map((name) => `CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`),
    "GRANT ALL ON shop.* TO shop@'%'",
    "GRANT ALL ON shop.* TO witness@'%'",
    `GRANT PROCESS, ${kill} ON *.* TO unleak@'%'`,
    "GRANT SELECT ON performance_schema.* TO unleak@'%'",
    "GRANT SELECT ON shop.* TO unleak@'%'", // for the script, which needs a database to log in to
    "GRANT SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user TO unleak@'%'",
    ...roles.map((table) => `GRANT SELECT ON mysql.${table} TO unleak@'%'`),
  ];
}
