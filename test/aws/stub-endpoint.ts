import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An endpoint that behaves as the test says and counts what it was asked; closed when the test ends. */
export interface StubEndpoint {
  readonly url: string;
  requests(): number;
}

/** An endpoint that answers every request with this. */
export function answering(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<StubEndpoint> {
  return serve((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
}

/** An endpoint that does whatever the listener does. */
export async function serve(listener: RequestListener): Promise<StubEndpoint> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    listener(request, response);
  });
  return { url: await listen(server), requests: () => requests };
}

/** An endpoint that takes connections and never says a word, as behind a firewall that drops what comes back. */
export async function silent(onConnection: () => void = () => undefined): Promise<StubEndpoint> {
  let requests = 0;
  const server = createTcpServer((socket) => {
    requests += 1;
    socket.on('error', () => undefined).resume();
    onConnection();
  });
  return { url: await listen(server), requests: () => requests };
}

/** An address at which nothing listens. */
export async function nobody(): Promise<StubEndpoint> {
  const server = createTcpServer();
  const url = await listen(server);
  server.close();
  await once(server, 'close');
  return { url, requests: () => 0 };
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback interface gave no port');
  return `http://127.0.0.1:${address.port}`;
}
