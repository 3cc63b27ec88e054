import { randomBytes } from 'node:crypto';
import { mysqlEngine } from '../../../functions/engines/mysql/engine.ts';
import type { Login } from '../../../functions/engines/engine.ts';
import type { ProvidedServer } from '../../servers/global-setup.ts';
import type { Adapter, Granted } from '../contract-suite.ts';
import { type Admin, openAdmin } from './admin.ts';
import { openApplication } from './lab.ts';
import { openTestSession } from './test-session.ts';

const see = ['PROCESS ON *.*', 'SELECT ON performance_schema.*'];
const seeSuperusers = ['SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user'];

/** The least that unleak needs, as docs and faults name it. */
const grants: Readonly<Record<'mysql' | 'mariadb', Readonly<Record<Granted, readonly string[]>>>> = {
  mysql: {
    'see and end': [
      'CONNECTION_ADMIN ON *.*',
      'XA_RECOVER_ADMIN ON *.*',
      ...see,
      ...seeSuperusers,
      ...selectOn('global_grants', 'role_edges'),
    ],
    see: [...see, ...seeSuperusers, ...selectOn('global_grants', 'role_edges')],
    nothing: [],
  },
  mariadb: {
    'see and end': ['CONNECTION ADMIN ON *.*', ...see, ...seeSuperusers, ...selectOn('roles_mapping')],
    see: [...see, ...seeSuperusers, ...selectOn('roles_mapping')],
    nothing: [],
  },
};

/** MySQL or MariaDB for the contract suite; each adapter has a database and accounts of its own. */
export function createMysqlAdapter(server: ProvidedServer): Adapter {
  const database = unique('shop');
  const users: string[] = [];
  const variant = server.kind === 'mariadb' ? 'mariadb' : 'mysql';
  let admin: Admin;

  const createUser = async (prefix: string, privileges: readonly string[], options = '') => {
    const [user, password] = [unique(prefix), unique('password')];
    await admin.execute(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}' ${options}`);
    for (const privilege of privileges) await admin.execute(`GRANT ${privilege} TO '${user}'@'%'`);
    users.push(user);
    return { user, password };
  };

  return {
    ...{ engine: mysqlEngine, server, refusalCode: '1095' },
    ageToleranceMs: 2_100, // InnoDB tells whole seconds
    async setUp() {
      admin = await openAdmin(server);
      await admin.execute(`CREATE DATABASE ${database}`);
      await admin.execute(`CREATE TABLE ${database}.stock (amount INT PRIMARY KEY) ENGINE=InnoDB`);
      await admin.execute(`INSERT INTO ${database}.stock VALUES (1)`);
    },
    async tearDown() {
      await admin.execute(`DROP DATABASE ${database}`);
      for (const user of users) await admin.execute(`DROP USER '${user}'@'%'`);
      await admin.close();
    },
    async createLogin(granted: Granted): Promise<Login> {
      const { host, port } = server;
      return {
        host,
        port,
        database: null,
        tls: 'off',
        ...(await createUser('sweeper', grants[variant][granted])),
      };
    },
    async open(as: Parameters<Adapter['open']>[0] = 'application') {
      const options = typeof as === 'object' ? `WITH MAX_USER_CONNECTIONS ${as.limit}` : '';
      const killScope = as === 'superuser' ? ['ALL ON *.*'] : [`ALL ON ${database}.*`];
      return openTestSession(admin, server, { database, ...(await createUser('app', killScope, options)) });
    },
    async openAs({ user, password }: Login, program: string) {
      const connection = await openApplication(server, {
        ...{ user, password, connectAttributes: { program_name: program } },
      });
      return { id: String(connection.threadId), run: (sql: string) => connection.query(sql) };
    },
    holdLock: [`SELECT GET_LOCK('unleak', 0)`],
    mark: 'USE information_schema',
    hang: 'SELECT SLEEP(60)',
    execute: (sql: string) => admin.execute(sql),
    async countSessionsOf(user: string) {
      return Number(
        await admin.value(`SELECT COUNT(*) FROM information_schema.processlist WHERE user = '${user}'`),
      );
    },
    async nowMs() {
      return Number(await admin.value('SELECT UNIX_TIMESTAMP(NOW(6)) * 1000'));
    },
  };
}

function selectOn(...tables: readonly string[]): readonly string[] {
  return tables.map((table) => `SELECT ON mysql.${table}`);
}

function unique(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
