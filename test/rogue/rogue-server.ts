import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a server of ours says: to who has just connected, and to each piece that a client sends. */
export interface Manners {
  greet?(socket: Socket): void;
  answer(socket: Socket, bytes: Buffer, piece: number): void;
}

/** A server that speaks as it is told to; `close` cuts all of its connections. */
export interface RogueServer {
  readonly port: number;
  close(): void;
}

/** Starts it on a free port of this machine. */
export async function startRogueServer(manners: Manners): Promise<RogueServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let pieces = 0;
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      pieces += 1;
      manners.answer(socket, bytes, pieces);
    });
    manners.greet?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Sends the same bytes for ever, as fast as they are taken. */
export function flood(socket: Socket, unit: Buffer): void {
  const chunk = Buffer.concat(Array.from({ length: Math.ceil(65_536 / unit.length) }, () => unit));
  const send = (): void => {
    while (!socket.destroyed && socket.write(chunk)) continue;
    if (!socket.destroyed) socket.once('drain', send);
  };
  send();
}

/** Sends a beginning, and then zeros for ever. */
export function floodAfter(socket: Socket, beginning: Buffer): void {
  socket.write(beginning);
  flood(socket, Buffer.alloc(65_536));
}

/** Sends one byte at a time, ten a second, for ever. */
export function drip(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(bytes.subarray(at % bytes.length, (at++ % bytes.length) + 1));
  }, 100);
}
