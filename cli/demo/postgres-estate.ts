import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { LocalServer } from '../../servers/local-server.ts';
import { openBlockedCheckout } from './blocked-checkout.ts';
import { type DemoLogin, type Estate, sizes } from './estate.ts';
import { WebPool } from './web-pool.ts';

type Open = (application: string, first?: string) => Promise<pg.Client>;

/** Opens the demo's application on a PostgreSQL server of its own. */
export async function openPostgresEstate(server: LocalServer): Promise<Estate> {
  const clients: pg.Client[] = [];
  const { login, shop } = await prepare(server);
  const open: Open = async (application, first) => {
    const client = new pg.Client({ ...shop, application_name: application });
    client.on('error', () => undefined); // being ended is what the demo is about
    await client.connect();
    clients.push(client);
    if (first) await client.query(first);
    return client;
  };
  const pool = await openWeb(open);
  for (let index = 0; index < sizes.reports; index += 1)
    await open('celery', `SELECT sum(price) FROM orders WHERE customer = ${index}`);
  const checkoutWaitedMs = await openBlockedCheckout(open);
  await open('shop-events', 'LISTEN order_paid');
  await open('shop-cron', 'SELECT pg_advisory_lock(42)');
  const backup = await open('pg_dump', 'BEGIN ISOLATION LEVEL REPEATABLE READ');
  await backup.query('SELECT count(*) FROM orders');
  return {
    login,
    health: () => ({ requests: pool.requests, failed: pool.failed, checkoutWaitedMs: checkoutWaitedMs() }),
    close: async () => {
      await pool.stop();
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    },
  };
}

/** A table, a login for the application, and one for unleak with exactly the two roles it needs. */
async function prepare(server: LocalServer) {
  const where = { host: server.host, port: server.port, database: 'postgres', ssl: false };
  const password = randomBytes(12).toString('hex');
  const admin = new pg.Client({ ...where, user: server.adminUser, password: server.adminPassword });
  await admin.connect();
  await admin.query(`
    CREATE ROLE shop LOGIN PASSWORD '${password}';
    CREATE ROLE unleak LOGIN PASSWORD '${password}';
    GRANT pg_monitor, pg_signal_backend TO unleak;
    CREATE TABLE orders AS SELECT n AS id, n % 20 AS customer, n * 3 AS price FROM generate_series(1, 1000) n;
    CREATE TABLE stock AS SELECT n AS id, 10 AS pieces FROM generate_series(1, 10) n;
    GRANT SELECT, UPDATE ON orders, stock TO shop;
  `);
  await admin.end();
  const login: DemoLogin = {
    host: server.host,
    port: server.port,
    username: 'unleak',
    password,
    dbname: 'postgres',
  };
  return { login, shop: { ...where, user: 'shop', password } };
}

async function openWeb(open: Open): Promise<WebPool> {
  const requests: (() => Promise<unknown>)[] = [];
  for (let index = 0; index < sizes.web; index += 1) {
    const client = await open('shop-web');
    requests.push(() => client.query('SELECT price FROM orders WHERE id = $1', [index]));
  }
  return new WebPool(requests);
}
