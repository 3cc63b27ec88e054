import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { mysqlSettings } from '../../cli/demo/mysql-estate.ts';
import type { LocalServer, ServerKind } from '../../servers/local-server.ts';
import { startMariadb } from '../../servers/mariadb.ts';
import { startMysql } from '../../servers/mysql.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { documentedRights } from '../end-to-end/leaky-app.ts';

/** The users that the shop's programs log in as. */
export const programs = ['shop_web', 'shop_celery'] as const;
export type Program = (typeof programs)[number];

/** A server with the shop's database, and what a test does to it beside unleak. */
export interface ShopDatabase {
  readonly kind: ServerKind;
  /** What Secrets Manager would hold for unleak. */
  readonly secret: string;
  urlFor(program: Program): string;
  count(program: Program): Promise<number>;
  /** The one-liner that people put into cron: ends every idle session of the shop. */
  endEveryIdleSession(): Promise<void>;
  stop(): Promise<void>;
}

const starters: Readonly<Record<ServerKind, () => Promise<LocalServer>>> = {
  postgres: () => startPostgres(),
  mysql: () => startMysql(), // as it is installed: Django's driver logs in by caching_sha2_password
  mariadb: () => startMariadb({ settings: mysqlSettings }),
};

/** Starts a server with an empty database `shop`. */
export async function startShopDatabase(kind: ServerKind): Promise<ShopDatabase> {
  const password = randomBytes(9).toString('hex');
  const server = await starters[kind]();
  const { host, port } = server;
  const open = kind === 'postgres' ? openPostgres : openMysql;
  const admin = await open(server, password);
  const scheme = kind === 'postgres' ? 'postgres' : 'mysql';
  return {
    kind,
    secret: JSON.stringify({ username: 'unleak', password, host, port }),
    urlFor: (program) => `${scheme}://${program}:${password}@${host}:${port}/shop`,
    ...admin.actions,
    stop: async () => {
      await admin.close();
      await server.stop();
    },
  };
}

interface Admin {
  readonly actions: Pick<ShopDatabase, 'count' | 'endEveryIdleSession'>;
  close(): Promise<void>;
}

async function openPostgres(server: LocalServer, password: string): Promise<Admin> {
  const { host, port, adminUser: user, adminPassword } = server;
  const admin = new pg.Client({
    host,
    port,
    user,
    password: adminPassword,
    database: 'postgres',
    ssl: false,
  });
  await admin.connect();
  await admin.query(`
    create role shop_web login password '${password}';
    create role shop_celery login password '${password}' in role shop_web;
    create role unleak login password '${password}' in role pg_monitor, pg_signal_backend`);
  await admin.query('create database shop owner shop_web');
  const count = async (program: Program) =>
    (await admin.query(`select from pg_stat_activity where usename = '${program}'`)).rowCount ?? 0;
  const endEveryIdleSession = async () => {
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle' and usename like 'shop%'`,
    );
  };
  return { actions: { count, endEveryIdleSession }, close: () => admin.end() };
}

async function openMysql(server: LocalServer, password: string): Promise<Admin> {
  const { host, port, adminUser: user, adminPassword } = server;
  const admin = await mysql.createConnection({ host, port, user, password: adminPassword });
  await admin.query('CREATE DATABASE shop');
  for (const name of [...programs, 'unleak'])
    await admin.query(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`);
  for (const name of programs) await admin.query(`GRANT ALL ON shop.* TO ${name}@'%'`);
  for (const right of documentedRights[server.kind]) await admin.query(`GRANT ${right} TO unleak@'%'`);
  const schema = server.kind === 'mysql' ? 'performance_schema' : 'information_schema';
  const ids = async (condition: string) => {
    const [rows] = await admin.query<(mysql.RowDataPacket & { readonly id: number })[]>(
      `SELECT id AS id FROM ${schema}.processlist WHERE ${condition}`,
    );
    return rows.map(({ id }) => id);
  };
  const endEveryIdleSession = async () => {
    for (const id of await ids("command = 'Sleep' AND user LIKE 'shop%'"))
      await admin.query(`KILL ${id}`).catch(() => undefined); // it went by itself
  };
  const count = async (program: Program) => (await ids(`user = '${program}'`)).length;
  return { actions: { count, endEveryIdleSession }, close: () => admin.end() };
}
