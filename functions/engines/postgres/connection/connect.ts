import { isInClear } from '../../../contract/tls.ts';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client } from 'pg';
import * as z from 'zod';
import { type AnswerLimit, createAnswerLimit } from '../../answer-limit.ts';
import type { ControlConnection, Login, WaitLimits } from '../../engine.ts';
import { guardStream } from '../../guard-stream.ts';
import { errorCode } from '../../network-fault.ts';
import { toTlsOptions } from '../../tls.ts';
import { toControlConnection } from './control.ts';
import { createFrameCheck } from './frames.ts';
import type { Place } from './error-codes.ts';
import { ownApplication } from './own-application.ts';
import { toPinningSql, toStartupOptions } from './settings.ts';
import {
  toConnectFault,
  toConnectTimeoutFault,
  toDeadlineFault,
  toPoolerFault,
  toTlsRefusedFault,
} from './to-fault.ts';
import { typeParsers } from './type-parsers.ts';
import { waitFor } from './wait.ts';

const pinned = z.tuple([z.object({ pinned: z.boolean() })]);
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
  const answerLimit = createAnswerLimit();
  const lostBecause = rememberLoss(client);
  const hasRefusedTls = watchTlsAnswer(socket, login);
  const { host, port, user, database, tls } = login;
  const place = { host, port, user, database, tls };
  try {
    await waitFor(() => logIn(client, place, toOwnSettings(limits), answerLimit), {
      ms: limits.connectMs,
      signal,
      giveUp: () => socket.destroy(),
      expired: () => toConnectTimeoutFault(place, limits.connectMs),
      aborted: () => toDeadlineFault(place, 'connect'),
    });
  } catch (error) {
    socket.destroy();
    if (hasRefusedTls()) throw toTlsRefusedFault(place, error);
    // "Connection terminated" tells less than why the server ended it, which the driver tells once.
    throw toConnectFault(errorCode(error) === '' ? (lostBecause() ?? error) : error, place);
  }
  return toControlConnection({
    ...{ client, place, limits, signal, answerLimit, lostBecause },
    destroy: () => socket.destroy(),
  });
}

/** Logs in and pins what our session relies on; a Connect fault where what answers is not the server itself. */
async function logIn(client: Client, place: Place, own: OwnSettings, limit: AnswerLimit): Promise<void> {
  await startLogin(client, place, limit);
  const { rows } = await client.query<Record<string, unknown>>(toPinningSql(processIdOf(client), own));
  const [answer] = pinned.parse(rows);
  if (answer.pinned) return;
  await client.end();
  throw toPoolerFault(place);
}

/** The number that our login was given to cancel statements with; none of a server process where there was none. */
function processIdOf(client: Client): number {
  const id: unknown = 'processID' in client ? client.processID : null;
  return typeof id === 'number' ? id : 0;
}

type OwnSettings = ReturnType<typeof toOwnSettings>;

function toOwnSettings({ statementMs }: WaitLimits) {
  return {
    application_name: ownApplication,
    statement_timeout: statementMs,
    lock_timeout: Math.min(lockTimeoutMs, statementMs),
  };
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
    ...toOwnSettings(limits),
    options: toStartupOptions(),
    keepAlive: true,
    stream: () => socket,
    types: typeParsers,
  };
}

/** Logs in with a guard before the driver from the first byte on; before TLS the server has nothing to say but one letter. */
function startLogin(client: Client, { tls, host }: Place, limit: AnswerLimit): Promise<unknown> {
  const isConnected = client.connect();
  const { connection } = client as unknown as { readonly connection: { readonly stream: Duplex } };
  const { stream: plain } = connection;
  const isEncrypted = toTlsOptions(tls, host) !== null;
  guardStream({
    current: () => connection.stream,
    open: (stream) =>
      isEncrypted && stream === plain ? (bytes) => bytes : createFrameCheck(limit, { isEncrypted }),
  });
  return isConnected;
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
  if (!isInClear(login.tls)) socket.once('data', (bytes: Buffer) => (answer = bytes[0]));
  return () => answer === refusedTls;
}
