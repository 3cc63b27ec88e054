import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { postgresEngine } from '../../../functions/engines/postgres/engine.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import type { ProvidedServer } from '../../servers/global-setup.ts';
import type { Adapter, Granted } from '../contract-suite.ts';
import { type Admin, openAdmin, unique } from './admin.ts';
import { openApplication } from './application.ts';

const grants: Readonly<Record<Granted, string>> = {
  'see and end': 'in role pg_monitor, pg_signal_backend',
  see: 'in role pg_monitor',
  nothing: '',
};

/** PostgreSQL for the contract suite; each adapter has a database and accounts of its own. */
export function createPostgresAdapter(server: ProvidedServer) {
  const database = unique('shop');
  const roles: string[] = [];
  let admin: Admin;

  const createRole = async (prefix: string, options: string) => {
    const [user, password] = [unique(prefix), unique('password')];
    await admin.execute(`create role ${user} login password '${password}' ${options}`);
    roles.push(user);
    return { user, password };
  };
  const openAs = async (options: string, startup: { replication?: string } = {}) => {
    const { host, port } = server;
    const role = await createRole('app', options);
    return openApplication(admin, { host, port, database, ssl: false, ...role, ...startup });
  };

  return {
    ...{ engine: postgresEngine, server, database, ageToleranceMs: 1, refusalCode: '42501' },
    async setUp() {
      admin = await openAdmin(server);
      await admin.execute(`create database ${database}`);
      const inside = await openAdmin(server, database);
      await inside.execute('create table stock as select 1 as amount; grant all on stock to public');
      await inside.close();
    },
    async tearDown() {
      await admin.execute(`drop database if exists ${database} with (force)`);
      for (const role of roles) await admin.execute(`drop role if exists "${role}"`);
      await admin.close();
    },
    async createLogin(granted: Granted): Promise<Login> {
      const { host, port } = server;
      return { host, port, database, tls: 'off', ...(await createRole('sweeper', grants[granted])) };
    },
    open: (as: Parameters<Adapter['open']>[0] | 'replication' = 'application') => {
      if (typeof as === 'object') return openAs(`connection limit ${as.limit}`);
      if (as === 'replication') return openAs('replication', { replication: 'database' });
      return openAs(as === 'superuser' ? 'superuser' : '');
    },
    async openAs({ user, password, database: name }: Login, program: string) {
      const { host, port } = server;
      const client = new Client({
        ...{ host, port, user, password, database: name ?? 'postgres', application_name: program },
      });
      client.on('error', () => undefined);
      await client.connect();
      onTestFinished(() => client.end());
      const { rows } = await client.query<{ id: string }>('select pg_backend_pid()::text as id');
      return { id: rows[0]?.id ?? '', run: (sql: string) => client.query(sql) };
    },
    holdLock: [
      'select pg_advisory_lock(1970170981, 24939)',
      'select pg_advisory_lock_shared(1970170981, 24939)',
      'select pg_advisory_lock(1970170981, n) from generate_series(-100, 100) n',
    ],
    mark: 'select pg_advisory_lock(1970170981, 7)',
    hang: 'select pg_sleep(60)',
    execute: (sql: string) => admin.execute(sql),
    isTrue: (sql: string) => admin.isTrue(sql),
    async countSessionsOf(user: string) {
      return Number(await admin.value(`select count(*) from pg_stat_activity where usename = '${user}'`));
    },
    async nowMs() {
      return Number(await admin.value('select extract(epoch from clock_timestamp()) * 1000'));
    },
  } satisfies Adapter & Record<string, unknown>;
}
