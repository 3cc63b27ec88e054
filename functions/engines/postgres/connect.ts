import { Socket } from 'node:net';
import { Client } from 'pg';
import type { ControlConnection, Login, WaitLimits } from '../engine.ts';
import { toTlsOptions } from '../tls.ts';
import { toControlConnection } from './control.ts';
import { ownApplication } from './own-application.ts';
import { toConnectFault, toConnectTimeoutFault, toDeadlineFault, toTlsRefusedFault } from './to-fault.ts';
import { waitFor } from './wait.ts';

// A client that vanished without a word (a killed function behind a NAT, a host without power) would keep its session, and the
// lock with it, for the two hours of the server's operating system: these free both within half a minute.
const deadPeer: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000', // what was sent and never confirmed stops the keepalives
};

// Names are looked for in pg_catalog only, whatever the role's or the database's search_path says; no statement of ours
// may write; compiling a statement that runs once only costs time.
const settings: Readonly<Record<string, string>> = {
  search_path: 'pg_catalog,pg_temp',
  default_transaction_read_only: 'on',
  client_min_messages: 'error',
  jit: 'off',
  ...deadPeer,
};
const lockTimeoutMs = 2_000;
const refusedTls = 'N'.charCodeAt(0);

/** Logs in within `connectMs`, by discrete options only: environment, .pgpass and connection strings have no say. */
export async function connect(
  login: Login,
  limits: WaitLimits,
  signal: AbortSignal,
): Promise<ControlConnection> {
  const socket = new Socket();
  const client = new Client(toClientConfig(login, limits, socket));
  const lostBecause = rememberLoss(client);
  const hasRefusedTls = watchTlsAnswer(socket, login);
  const place = { host: login.host, port: login.port, user: login.user, database: login.database };
  try {
    await waitFor(() => client.connect(), {
      ms: limits.connectMs,
      signal,
      giveUp: () => socket.destroy(),
      expired: () => toConnectTimeoutFault(place, limits.connectMs),
      aborted: () => toDeadlineFault(place, 'connect'),
    });
  } catch (error) {
    socket.destroy();
    throw hasRefusedTls() ? toTlsRefusedFault(place, error) : toConnectFault(error, place);
  }
  return toControlConnection({
    ...{ client, place, limits, signal, lostBecause },
    destroy: () => socket.destroy(),
  });
}

function toClientConfig(login: Login, limits: WaitLimits, socket: Socket) {
  return {
    host: login.host,
    port: login.port,
    user: login.user,
    // As a function, an empty password is not looked for in PGPASSWORD or ~/.pgpass.
    password: () => login.password,
    database: login.database ?? 'postgres',
    ssl: toTlsOptions(login.tls, login.host) ?? false,
    sslnegotiation: 'postgres' as const,
    client_encoding: 'UTF8',
    application_name: ownApplication,
    statement_timeout: limits.statementMs,
    lock_timeout: Math.min(lockTimeoutMs, limits.statementMs),
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    keepAlive: true,
    stream: () => socket,
  };
}

/** Listens for the driver's 'error' event, which would end the process, and keeps the first one. */
function rememberLoss(client: Client): () => unknown {
  let first: unknown;
  client.on('error', (error) => (first ??= error));
  return () => first;
}

/** The driver's error for a server without TLS has no code, but the server's answer is one byte that tells. */
function watchTlsAnswer(socket: Socket, login: Login): () => boolean {
  let answer: number | undefined;
  if (login.tls !== 'off') socket.once('data', (bytes: Buffer) => (answer = bytes[0]));
  return () => answer === refusedTls;
}
