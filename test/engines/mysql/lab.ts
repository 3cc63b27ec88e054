import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import { inject, onTestFinished } from 'vitest';
import type { LocalServer } from '../../../servers/local-server.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import type { ControlConnection, Login } from '../../../functions/engines/engine.ts';
import { mysqlEngine } from '../../../functions/engines/mysql/engine.ts';

/** Where a server listens and how its administrator logs in. */
export type Address = Pick<LocalServer, 'kind' | 'host' | 'port' | 'adminUser' | 'adminPassword'>;

export const mysqlServers = inject('servers').filter(({ kind }) => kind !== 'postgres');
/** Milliseconds; wide, since a busy machine is no fault. */
export const limits = { connectMs: 20_000, statementMs: 20_000 };
export const never = new AbortController().signal;

/** Of all accounts that the tests create. */
export const password = 'pässword';

let accounts = 0;

/** A session of the ordinary user `shop`, or another one, closed when the test ends, however unleak treated it. */
export async function openApplication(server: Address, options: ConnectionOptions = {}): Promise<Connection> {
  if (options.user === undefined) await createShop(server);
  return open(server, { user: 'shop', password, ...options });
}

/** A session of the administrator. */
export function openRoot(server: Address): Promise<Connection> {
  return open(server, {});
}

async function createShop(server: Address): Promise<void> {
  const root = await openRoot(server);
  await root.query('CREATE DATABASE IF NOT EXISTS shop');
  await root.query(`CREATE USER IF NOT EXISTS 'shop'@'%' IDENTIFIED BY '${password}'`);
  await root.query(`GRANT ALL ON shop.* TO 'shop'@'%'`);
  await root.query(`GRANT PROCESS ON *.* TO 'shop'@'%'`);
}

/** As the administrator, or as whoever the options name. */
function connectTo(server: Address, options: ConnectionOptions = {}): Promise<Connection> {
  return createConnection({
    host: server.host,
    port: server.port,
    user: server.adminUser,
    password: server.adminPassword,
    connectTimeout: limits.connectMs,
    ...options,
  });
}

async function open(server: Address, options: ConnectionOptions): Promise<Connection> {
  const connection = await connectTo(server, options);
  connection.on('error', () => undefined);
  onTestFinished(() => {
    connection.destroy();
  });
  return connection;
}

/** A user of its own for the test, dropped at its end. */
export async function createUser(server: Address, grants: readonly string[] = []): Promise<string> {
  accounts += 1;
  const name = `u${process.pid}x${accounts}`;
  const admin = await openRoot(server);
  await admin.query(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
  for (const grant of grants) await admin.query(`GRANT ${grant} TO '${name}'@'%'`);
  onTestFinished(async () => {
    const again = await connectTo(server);
    await again.query(`DROP USER '${name}'@'%'`);
    await again.end();
  });
  return name;
}

export function toLogin(server: Address, own: Partial<Login> = {}): Login {
  const { host, port, adminUser: user } = server;
  return { host, port, database: null, user, password: server.adminPassword, tls: 'off', ...own };
}

/** A control connection, closed when the test ends. */
export async function openControl(server: Address, own: Partial<Login> = {}): Promise<ControlConnection> {
  const control = await mysqlEngine.connect(toLogin(server, own), limits, never);
  onTestFinished(() => control.close());
  return control;
}

/**
 * The session of an application's connection once it rests and its state is known. The list may show the last statement as running
 * for a moment after its answer; and other tests look at the same server, where on MariaDB each look makes the list of
 * transactions stale for the others.
 */
export function see(control: ControlConnection, connection: Connection): Promise<Session> {
  return seeUntil(control, connection, ({ state }) => state !== null && state !== 'active');
}

/** The same once it runs a statement. */
export function seeAtWork(control: ControlConnection, connection: Connection): Promise<Session> {
  return seeUntil(control, connection, ({ state }) => state === 'active');
}

export async function find(control: ControlConnection, connection: Connection): Promise<Session | undefined> {
  const { sessions } = await control.snapshot();
  return sessions.find(({ id }) => id === String(connection.threadId));
}

/** Looks until the session is as wanted. */
export async function seeUntil(
  control: ControlConnection,
  connection: Connection,
  isWanted: (session: Session) => boolean,
): Promise<Session> {
  return until(async () => {
    const session = await find(control, connection);
    return session && isWanted(session) && session;
  });
}

/** Asks until there is an answer, at most thirty seconds. */
export async function until<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(150);
  }
  throw new Error('what the test waits for did not happen in thirty seconds');
}
