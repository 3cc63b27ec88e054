import { type Connection, createConnection } from 'mysql2';
import type { Duplex } from 'node:stream';
import { Fault } from '../../../core/model/fault.ts';
import { AnswerRefused, createAnswerLimit } from '../../answer-limit.ts';
import type { ControlConnection, Login, WaitLimits } from '../../engine.ts';
import { guardStream } from '../../guard-stream.ts';
import { createControl } from './control.ts';
import { openSocket, toDriverOptions } from './driver-options.ts';
import { createPacketCount } from './packets.ts';
import { type Variant, limitSettings, readingSettings, readServer } from './server.ts';
import { toConnectFault, tlsCodeOf } from './to-fault.ts';
import { createWire, cut, type Line, waitFor } from './wire.ts';

/** Logs in within `connectMs`, settings of our session included; faults of the step `connect` otherwise. */
export async function connect(
  login: Login,
  limits: WaitLimits,
  signal: AbortSignal,
): Promise<ControlConnection> {
  const line = open(login);
  try {
    const variant = await waitFor(line, () => logIn(line, limits, signal), limits.connectMs, signal);
    return createControl(createWire(line, limits.statementMs, signal), variant, limits.sweepMs);
  } catch (error) {
    cut(line);
    throw error instanceof Fault ? error : toConnectFault(error, login, tlsCodeOf(line.connection));
  }
}

function open(login: Login): Line {
  const socket = openSocket(login.host, login.port);
  const connection = createConnection({ ...toDriverOptions(login), stream: () => socket });
  // What ends a connection between two statements is told by the next one; without a listener it would end the process.
  connection.on('error', () => undefined);
  const answerLimit = createAnswerLimit();
  const driver = connection as unknown as { readonly stream: Duplex };
  guardStream({ current: () => driver.stream, open: () => createPacketCount(answerLimit) });
  refuseDisorder(connection);
  return { connection, socket, answerLimit };
}

/** The driver prints a line for each packet out of its order; a server that says goodbye by itself sends one (error 4031). */
function refuseDisorder(connection: Connection): void {
  let disorders = 0;
  connection.on('warn', () => {
    disorders += 1;
    if (disorders > 3) throw new AnswerRefused('malformed', 'packets out of their order');
  });
}

async function logIn(line: Line, limits: WaitLimits, signal: AbortSignal): Promise<Variant> {
  await handshake(line.connection);
  const wire = createWire(line, limits.connectMs, signal);
  const variant = await readServer(wire, line.connection.threadId);
  await wire.ask(readingSettings);
  await wire.ask(limitSettings(variant, limits.statementMs));
  return variant;
}

function handshake(connection: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.connect((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
