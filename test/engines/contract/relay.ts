import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A wire to a server that can be made silent or cut. */
export interface Relay {
  readonly port: number;
  /** From now on nothing that the server says arrives. */
  silence(): void;
  cut(): void;
  /** Work to be done whenever something of the client's has been passed on to the server. */
  onRequest(work: (bytes: Buffer) => void): void;
}

/** A relay to the address, gone when the test ends; without an address it accepts and never speaks. */
export async function openRelay(
  to: { readonly host: string; readonly port: number } | null,
  listenOn = '127.0.0.1',
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  let isSilent = false;
  let afterRequest: (bytes: Buffer) => void = () => undefined;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client, sockets);
    if (!to) return;
    const upstream = keep(connect(to.port, to.host), upstreams);
    client.on('data', (bytes: Buffer) => {
      upstream.write(bytes);
      afterRequest(bytes);
    });
    client.on('end', () => upstream.end());
    client.on('close', () => upstream.destroy());
    upstream.on('data', (bytes) => isSilent || client.write(bytes));
    upstream.on('close', () => isSilent || client.destroy());
  });
  server.listen(0, listenOn);
  await once(server, 'listening');
  const cut = () => [...sockets, ...upstreams].forEach((socket) => socket.destroy());
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    silence: () => void (isSilent = true),
    cut,
    onRequest: (work) => void (afterRequest = work),
  };
}

function keep(socket: Socket, all: Set<Socket>): Socket {
  all.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => all.delete(socket));
  return socket;
}
