import type { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Fault } from '../../functions/core/model/fault.ts';
import { mysqlEngine } from '../../functions/engines/mysql/engine.ts';
import { everythingOf, faultOf } from '../aws/expect-fault.ts';
import { column, conversation, eof, error, greeting, ok, packet, result, row } from './mysql-packets.ts';
import { drip, flood, floodAfter, startRogueServer } from './rogue-server.ts';

/* What answers as MySQL may be anything. Each way of it ends in a fault, in time, in little memory, and the process lives on. */

type Say = (socket: Socket) => void;
const send =
  (...parts: readonly Buffer[]): Say =>
  (socket) =>
    socket.write(Buffer.concat(parts));
const escape = '\u001b[2J\u001b]0;owned\u0007';
const [protocol, large, shape, slow] = [
  'connect.protocol',
  'snapshot.too_large',
  'snapshot.malformed',
  'connect.timeout',
];
const lost = ['connect.lost', 'connect.failed', protocol];

const atGreeting: readonly (readonly [what: string, say: Say, codes: readonly string[]])[] = [
  ['another protocol', send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), [slow, ...lost]],
  ['an empty greeting', send(packet(0, '')), lost],
  ['a greeting that ends in the middle', send(packet(0, greeting().subarray(0, 20))), [...lost, slow]],
  ['nothing', () => undefined, [slow]],
  ['one byte at a time', (socket) => drip(socket, packet(0, greeting())), [slow]],
  [
    'packets of sixteen megabytes without end',
    (socket) => floodAfter(socket, packet(0, '', 0xffffff)),
    [large, slow, ...lost],
  ],
  ['an error that moves the cursor', send(packet(0, error(1234, escape))), lost],
  ['a version that moves the cursor', send(packet(0, greeting('mysql_native_password', escape))), [slow]],
  ['a plugin named like a part of every object', send(packet(0, greeting('constructor'))), [slow]],
  [
    'a character set that nobody knows',
    send(packet(0, greeting('mysql_native_password', '8.0.36', 0xfe))),
    [slow],
  ],
];

const many = Array.from({ length: 5_000 }, (_each, n) => column(`c${n}`));
const manyHeader = packet(1, Buffer.from([0xfc, 5_000 & 255, 5_000 >> 8]));

const atStatements: readonly (readonly [what: string, say: Say, codes: readonly string[]])[] = [
  ['rows without end', (socket) => floodRows(socket, row(['x'.repeat(900)])), [large, slow, protocol]],
  ['rows of nothing without end', (socket) => floodRows(socket, row([''])), [large, slow, protocol]],
  [
    'a packet without end',
    (socket) => floodAfter(socket, Buffer.concat([packet(1, Buffer.from([1])), packet(2, '', 0xffffff)])),
    [large, slow, protocol],
  ],
  ['results without end', (socket) => flood(socket, resultsWithoutEnd()), [large, slow, protocol]],
  ['thousands of columns', send(manyHeader, conversation([...many, eof(), eof()], 2)), [large]],
  ['a column named like the prototype', send(result([column('__proto__')], [row(['x'])])), [...lost, shape]],
  [
    'columns that are a program',
    send(result([column("x']=process.exit(7);//")], [row(['x'])])),
    ['connect.unsupported_version', 'connect.pooler'],
  ],
  [
    'JSON with a name that moves the cursor',
    send(result([column(escape, 45, 245)], [row(['{}'])])),
    ['connect.unsupported_version', 'connect.pooler'],
  ],
  ['a version that moves the cursor', send(result([column('version')], [row([escape])])), [shape]],
  [
    'a value longer than its packet',
    send(result([column('version')], [Buffer.from([0xfe, 1, 2, 3, 4, 5, 6, 7, 8])])),
    [...lost, shape, 'connect.unsupported_version'],
  ],
  [
    'a character set that nobody knows',
    send(result([column('version', 9_999)], [row(['8'])])),
    [...lost, 'connect.unsupported_version'],
  ],
  ['a wish for a file', send(packet(1, Buffer.from('\xfb/etc/passwd', 'latin1'))), [...lost, slow]],
  [
    'packets out of their order',
    (socket) => flood(socket, packet(9, ok())),
    [protocol, 'connect.pooler', ...lost],
  ],
  ['an error of a new kind', send(packet(1, error(65_535, escape))), ['connect.failed']],
  ['silence', () => undefined, [slow]],
];

function floodRows(socket: Socket, body: Buffer): void {
  socket.write(conversation([Buffer.from([1]), column('a'), eof()]));
  flood(socket, inOrder(4, body));
}

/** As many packets as the numbers of the conversation allow before they begin anew. */
function inOrder(first: number, body: Buffer): Buffer {
  const all = Array.from({ length: 256 }, (_each, n) => packet(first + n, body));
  return Buffer.concat(
    Array.from({ length: Math.max(1, Math.ceil(70_000 / (256 * body.length))) }, () => all).flat(),
  );
}

function resultsWithoutEnd(): Buffer {
  return inOrder(1, ok(true));
}

const limits = { connectMs: 1_500, statementMs: 500 };
const never = new AbortController().signal;

async function faultFrom(greet: Say, answer: (socket: Socket, piece: number) => void): Promise<Fault> {
  const printed = ['error', 'warn', 'log'].map((name) => vi.spyOn(console, name as 'log').mockReturnValue());
  onTestFinished(() => printed.forEach((spy) => spy.mockRestore()));
  const server = await startRogueServer({ greet, answer: (socket, _bytes, piece) => answer(socket, piece) });
  onTestFinished(() => server.close());
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const login = {
    host: '127.0.0.1',
    port: server.port,
    database: null,
    user: 'u',
    password: 'hush',
    tls: 'off' as const,
  };
  const fault = await faultOf(mysqlEngine.connect(login, limits, never));
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
  const shown =
    fault.message +
    printed
      .flatMap((spy) => spy.mock.calls.flat().map(String))
      .join('\n')
      .replaceAll('\n', '');
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(shown.length).toBeLessThan(2_000);
  expect(everythingOf(fault)).not.toContain('hush');
  return fault;
}

test.each(atGreeting)('as a greeting: %s', async (_what, say, codes) => {
  expect(codes).toContain((await faultFrom(say, () => undefined)).code);
});

test.each(atStatements)('after the login: %s', async (_what, say, codes) => {
  const fault = await faultFrom(
    (socket) => socket.write(packet(0, greeting())),
    (socket, piece) => {
      if (piece === 1) socket.write(packet(2, ok()));
      else say(socket);
    },
  );
  expect(codes).toContain(fault.code);
});
