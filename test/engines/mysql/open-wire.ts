import { connect } from 'node:net';
import { createConnection } from 'mysql2';
import { createAnswerLimit } from '../../../functions/engines/answer-limit.ts';
import { readingSettings, readServer } from '../../../functions/engines/mysql/connection/server.ts';
import { createWire, type Wire } from '../../../functions/engines/mysql/connection/wire.ts';
import { type Address, never } from './lab.ts';

/** The administrator's wire, as a control connection has it, for a test that changes a question or an answer. */
export async function openWire({ host, port, adminUser: user, adminPassword }: Address) {
  const socket = connect(port, host);
  const connection = createConnection({
    ...{ user, password: adminPassword, stream: () => socket, multipleStatements: true },
  });
  connection.on('error', () => undefined);
  const wire: Wire = createWire({ connection, socket, answerLimit: createAnswerLimit() }, 20_000, never);
  await new Promise<void>((resolve, reject) => {
    connection.connect((refusal) => (refusal ? reject(refusal) : resolve()));
  });
  const variant = await readServer(wire, connection.threadId);
  await wire.ask(readingSettings);
  return { wire, variant };
}
