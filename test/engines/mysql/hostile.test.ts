import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { toDriverOptions } from '../../../functions/engines/mysql/connection/driver-options.ts';
import { mysqlEngine } from '../../../functions/engines/mysql/engine.ts';
import { CA_FILES, toTlsFiles } from '../../servers/certificates.ts';
import { limits, never } from './lab.ts';

const login = { host: '127.0.0.1', database: null, user: 'u', password: 'hush', tls: 'off' as const };

/** A server that greets, lets anybody in, and asks for a file whatever it is told. */
async function startThief(): Promise<{ readonly port: number; readonly received: Buffer[] }> {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    send(socket, 0, greeting());
    let packets = 0;
    socket.on('data', (data) => {
      received.push(data);
      packets += 1;
      const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
      const askForFile = Buffer.from('\xfb/etc/passwd', 'latin1');
      send(socket, packets === 1 ? 2 : 1, packets === 1 ? ok : askForFile);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, received };
}

function greeting(hasTls = false): Buffer {
  const capabilities = Buffer.from([0xff, hasTls ? 0xff : 0xf7, 0x21, 0x02, 0x00, 0xff, 0x81, 0x15]);
  const version = Buffer.from('\x0a8.0.36\0', 'latin1');
  const [salt, more] = [Buffer.from('abcdefgh\0'), Buffer.from('ijklmnopqrst\0mysql_native_password\0')];
  return Buffer.concat([version, Buffer.from([1, 0, 0, 0]), salt, capabilities, Buffer.alloc(10), more]);
}

function send(socket: Socket, sequence: number, body: Buffer): void {
  socket.write(Buffer.concat([Buffer.from([body.length, 0, 0, sequence]), body]));
}

test('a server that asks for a local file gets none', async () => {
  const { port, received } = await startThief();
  const connecting = mysqlEngine.connect({ ...login, port }, { ...limits, connectMs: 1_000 }, never);
  await expect(connecting).rejects.toMatchObject({ kind: 'Connect' });
  expect(received.length).toBeGreaterThanOrEqual(2);
  expect(Buffer.concat(received).toString('latin1')).not.toContain('root:');
});

test('the driver is told to verify the name, no local files, and clear passwords over TLS only', () => {
  const options = toDriverOptions({ ...login, port: 1, tls: { ca: 'pem' } });
  expect(options).toMatchObject({
    ssl: { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2', ca: 'pem' },
    enableCleartextPlugin: true,
  });
  expect(options.flags).toContain('-LOCAL_FILES');
  expect(options).not.toHaveProperty('infileStreamFactory');
  expect(toDriverOptions({ ...login, port: 1, tls: 'off' })).toMatchObject({ enableCleartextPlugin: false });
});

test('of a server reached by its address, the address is verified and not the name "localhost"', async () => {
  const { certFile, keyFile } = toTlsFiles('wrong-name');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    send(socket, 0, greeting(true));
    socket.once('data', (data) => {
      socket.pause();
      socket.unshift(data.subarray(36)); // what follows the request for TLS belongs to TLS
      const options = { isServer: true, cert: readFileSync(certFile), key: readFileSync(keyFile) };
      new TLSSocket(socket, options).on('error', () => undefined);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const tls = { ca: readFileSync(CA_FILES.trusted, 'utf8') };
  await expect(mysqlEngine.connect({ ...login, port, tls }, limits, never)).rejects.toMatchObject({
    code: 'connect.certificate_host',
    cause: { host: '127.0.0.1' },
  });
});
