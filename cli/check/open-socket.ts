import { connect, type Socket } from 'node:net';

const patienceMs = 5_000;

/** A TCP connection; rejects with an error whose code says why, ETIMEDOUT after five seconds. */
export function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal, noDelay: true });
    socket.setTimeout(patienceMs, () => socket.destroy(timedOut()));
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => undefined); // a later one, when nobody waits any more, must not end the process
  });
}

/** The next bytes that arrive; rejects when the other side hangs up or falls silent. */
export function readSome(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    socket.once('data', (bytes: Buffer) => {
      socket.pause(); // what follows belongs to TLS
      resolve(bytes);
    });
  });
}

function timedOut(): Error {
  return Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
}
