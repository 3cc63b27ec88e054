import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a real PostgreSQL on which its list of sessions looks as long as wanted; everything else passes as it is. */
export interface CrowdRelay {
  readonly port: number;
  close(): void;
}

type Row = Record<string, unknown> & { readonly id: string; readonly backendType?: unknown };

/** Opens it on a free port; `statement` is what each of the simulated sessions ran last. */
export async function openCrowdRelay(
  server: { readonly host: string; readonly port: number },
  sessions: number,
  statement: string,
): Promise<CrowdRelay> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => sockets.add(socket.on('error', () => undefined));
  const relay = createServer((client) => {
    const upstream = connect(server.port, server.host);
    for (const socket of [client, upstream]) keep(socket);
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
    let kept: Buffer = Buffer.alloc(0);
    upstream.on('data', (bytes: Buffer) => {
      kept = Buffer.concat([kept, bytes]);
      while (kept.length >= 5 && kept.length > kept.readUInt32BE(1)) {
        const size = 1 + kept.readUInt32BE(1);
        client.write(crowd(kept.subarray(0, size), sessions, statement));
        kept = kept.subarray(size);
      }
    });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    port: (relay.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      relay.close();
    },
  };
}

/** The message itself, but for a row with a list of sessions. */
function crowd(message: Buffer, sessions: number, statement: string): Buffer {
  if (message[0] !== 'D'.charCodeAt(0) || !message.includes('"backendStart"')) return message;
  const values = valuesOf(message);
  return rowOf(
    values.map((value) => (value?.includes('"backendStart"') ? multiply(value, sessions, statement) : value)),
  );
}

/** The list with copies of a client of it, each with an id and a user of its own kind. */
function multiply(list: string, sessions: number, statement: string): string {
  const rows = JSON.parse(list) as readonly Row[];
  const model = rows.find(({ backendType }) => backendType === 'client backend');
  const copies = Array.from({ length: sessions }, (_each, n) => ({
    ...model,
    ...{ id: String(1_000_000 + n), user: `app${n % 40}`, application: `worker ${n % 200}`, statement },
    ...{
      client: `10.0.${n % 50}.7`,
      state: 'idle',
      isUnleak: false,
      isOwn: false,
      transactionStart: null,
      transactionMs: null,
    },
    ...{ stateMs: 60_000 + n, openMs: 90_000 + n, superuser: false, advisoryLock: n % 3 === 0, blocks: [] },
  }));
  return JSON.stringify([...rows, ...copies]);
}

function valuesOf(message: Buffer): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 7;
  for (let left = message.readInt16BE(5); left > 0; left -= 1) {
    const length = message.readInt32BE(at);
    values.push(length === -1 ? null : message.toString('utf8', at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  return values;
}

function rowOf(values: readonly (string | null)[]): Buffer {
  const parts = values.flatMap((value) => [
    numberOf(value === null ? -1 : Buffer.byteLength(value)),
    Buffer.from(value ?? ''),
  ]);
  const count = Buffer.alloc(2);
  count.writeInt16BE(values.length);
  const body = Buffer.concat([count, ...parts]);
  return Buffer.concat([Buffer.from('D'), numberOf(body.length + 4), body]);
}

function numberOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
