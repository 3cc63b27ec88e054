import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A wire to a server on which every byte takes half the round trip longer, each way. */
export interface DelayedRelay {
  readonly host: string;
  readonly port: number;
  stop(): void;
}

/** Opens the wire on the loopback interface. */
export async function openDelayedRelay(
  to: { readonly host: string; readonly port: number },
  rttMs: number,
): Promise<DelayedRelay> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: to.host, port: to.port, noDelay: true });
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (bytes) => setTimeout(() => into.writable && into.write(bytes), rttMs / 2));
      from.on('close', () => {
        sockets.delete(from);
        setTimeout(() => into.destroy(), rttMs / 2);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback interface gave no port');
  return {
    ...{ host: '127.0.0.1', port: address.port },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
