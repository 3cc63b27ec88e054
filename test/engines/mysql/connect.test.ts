import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { toFault } from '../../../functions/engines/mysql/connection/to-fault.ts';
import { mysqlEngine } from '../../../functions/engines/mysql/engine.ts';
import { CA_FILES } from '../../servers/certificates.ts';
import {
  createUser,
  limits,
  mysqlServers,
  never,
  openApplication,
  openControl,
  openRoot,
  password,
} from './lab.ts';

const ca = readFileSync(CA_FILES.trusted, 'utf8');

describe.for(mysqlServers)('$name', (server) => {
  test.for(['127.0.0.1', 'localhost'])('TLS verifies the name %s', async (host) => {
    const control = await openControl({ ...server, host }, { tls: { ca } });
    await expect(control.snapshot()).resolves.toBeDefined();
  });

  test('a full server, and a user that has reached its limit, are too_many_connections', async () => {
    const user = await createUser(server, ['PROCESS ON *.*']);
    await (await openRoot(server)).query(`ALTER USER '${user}'@'%' WITH MAX_USER_CONNECTIONS 1`);
    await openApplication(server, { user, password });
    await expect(openControl(server, { user, password })).rejects.toMatchObject({
      code: 'connect.too_many_connections',
    });
  });

  test('a locked account is account_locked', async () => {
    const user = await createUser(server);
    await (await openRoot(server)).query(`ALTER USER '${user}'@'%' ACCOUNT LOCK`);
    const error: unknown = await openControl(server, { user, password }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'Credentials', code: 'credentials.account_locked' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
  });
});

test('a server without TLS never gets the password', async () => {
  const received: Buffer[] = [];
  // A handshake of protocol 10 that offers no TLS.
  const flags = Buffer.from([0xff, 0xf7, 0x21, 0x02, 0x00, 0xff, 0x81, 0x15]);
  const body = Buffer.concat([
    Buffer.from('\x0a8.0.36\0', 'latin1'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('abcdefgh\0', 'latin1'),
    flags,
    Buffer.alloc(10),
    Buffer.from('ijklmnopqrst\0mysql_native_password\0', 'latin1'),
  ]);
  const hello = Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
  const server = createServer((socket) => {
    socket.on('data', (data) => received.push(data));
    socket.on('error', () => undefined);
    socket.write(hello);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const login = { host: '127.0.0.1', port, database: null, user: 'u', password: 'hush', tls: 'rds' as const };
  const connecting = mysqlEngine.connect(login, { ...limits, connectMs: 1_000 }, never);
  await expect(connecting).rejects.toMatchObject({ code: 'connect.tls_refused' });
  expect(Buffer.concat(received)).toHaveLength(0);
});

test.for([
  [1040, 'connect.too_many_connections'],
  [1053, 'connect.shutting_down'],
  [1129, 'connect.host_blocked'],
  [1130, 'connect.host_not_allowed'],
  [1227, 'snapshot.privileges'],
  [1317, 'snapshot.statement_timeout'],
  [1862, 'credentials.password_expired'],
  [1969, 'snapshot.statement_timeout'],
  [3024, 'snapshot.statement_timeout'],
  [1064, 'snapshot.failed'],
] as const)('error %i is %s, without the server’s words', ([errno, code]) => {
  const fault = toFault(Object.assign(new Error('near secret'), { errno, code: 'ER_X' }), 'snapshot');
  expect(fault).toMatchObject({ code, step: 'snapshot' });
  expect(fault.message).not.toContain('secret');
});
