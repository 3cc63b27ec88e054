import { randomBytes } from 'node:crypto';
import mysql, { type Connection } from 'mysql2/promise';
import type { LocalServer } from '../../servers/local-server.ts';
import { openBlockedCheckout } from './blocked-checkout.ts';
import { type DemoLogin, type Estate, sizes } from './estate.ts';
import { WebPool } from './web-pool.ts';

/** Where each server keeps who is a superuser by a role. */
const roleTables = {
  mysql: ['mysql.global_grants', 'mysql.role_edges'],
  mariadb: ['mysql.roles_mapping'],
  postgres: [],
} as const;

/** What MariaDB leaves off by default and unleak needs for program names and holders of GET_LOCK. */
export const mysqlSettings = {
  performance_schema: 'ON',
  'performance-schema-instrument': 'wait/lock/metadata/sql/mdl=ON',
} as const;

type Open = (application: string, first?: string) => Promise<Connection>;

/** Opens the demo's application on a MySQL or MariaDB server of its own. */
export async function openMysqlEstate(server: LocalServer): Promise<Estate> {
  const connections: Connection[] = [];
  const { login, shop } = await prepare(server);
  const open: Open = async (application, first) => {
    const connection = await mysql.createConnection({
      ...shop,
      connectAttributes: { program_name: application },
    });
    connection.on('error', () => undefined); // being ended is what the demo is about
    connections.push(connection);
    if (first) await connection.query(first);
    return connection;
  };
  const pool = await openWeb(open);
  for (let index = 0; index < sizes.reports; index += 1)
    await open('celery', `SELECT sum(price) FROM orders WHERE customer = ${index}`);
  const checkoutWaitedMs = await openBlockedCheckout(open);
  await open('shop-cron', "SELECT GET_LOCK('nightly', 0)");
  const backup = await open('mysqldump', 'START TRANSACTION WITH CONSISTENT SNAPSHOT');
  await backup.query('SELECT count(*) FROM orders');
  return {
    login,
    health: () => ({ requests: pool.requests, failed: pool.failed, checkoutWaitedMs: checkoutWaitedMs() }),
    close: async () => {
      await pool.stop();
      for (const connection of connections) connection.destroy();
    },
  };
}

/** Tables, a login for the application, and one for unleak with exactly the rights it needs. */
async function prepare(server: LocalServer) {
  const where = { host: server.host, port: server.port };
  const password = randomBytes(12).toString('hex');
  const admin = await mysql.createConnection({
    ...where,
    user: server.adminUser,
    password: server.adminPassword,
  });
  const kill = server.kind === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
  const statements = [
    'CREATE DATABASE shop',
    `CREATE USER shop@'127.0.0.1' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON shop.* TO shop@'127.0.0.1'",
    `CREATE USER unleak@'127.0.0.1' IDENTIFIED BY '${password}'`,
    `GRANT PROCESS, ${kill} ON *.* TO unleak@'127.0.0.1'`,
    "GRANT SELECT ON performance_schema.* TO unleak@'127.0.0.1'",
    "GRANT SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user TO unleak@'127.0.0.1'",
    ...roleTables[server.kind].map((table) => `GRANT SELECT ON ${table} TO unleak@'127.0.0.1'`),
    'CREATE TABLE shop.orders (id int PRIMARY KEY AUTO_INCREMENT, customer int, price int)',
    'INSERT INTO shop.orders (customer, price) VALUES (1, 3), (2, 5), (3, 8), (4, 13)',
    'CREATE TABLE shop.stock (id int PRIMARY KEY, pieces int)',
    'INSERT INTO shop.stock VALUES (7, 10)',
  ];
  for (const statement of statements) await admin.query(statement);
  await admin.end();
  const login: DemoLogin = {
    host: server.host,
    port: server.port,
    username: 'unleak',
    password,
    dbname: 'shop',
  };
  return { login, shop: { ...where, user: 'shop', password, database: 'shop' } };
}

async function openWeb(open: Open): Promise<WebPool> {
  const requests: (() => Promise<unknown>)[] = [];
  for (let index = 0; index < sizes.web; index += 1) {
    const connection = await open('shop-web');
    requests.push(() => connection.query('SELECT price FROM orders WHERE id = ?', [index]));
  }
  return new WebPool(requests);
}
