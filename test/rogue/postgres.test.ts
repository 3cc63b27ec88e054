import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../functions/core/model/fault.ts';
import { postgresEngine } from '../../functions/engines/postgres/engine.ts';
import { everythingOf, faultOf } from '../aws/expect-fault.ts';
import { columns, complete, error, int16, int32, message, row, welcome } from './postgres-messages.ts';
import { drip, flood, floodAfter, startRogueServer } from './rogue-server.ts';

/* What answers as PostgreSQL may be anything. Each way of it ends in a fault, in time, in little memory, and the process lives on. */

type Say = (socket: Socket) => void;
const send =
  (...parts: readonly Buffer[]): Say =>
  (socket) =>
    socket.write(Buffer.concat(parts));
const then =
  (first: Buffer, say: Say): Say =>
  (socket) => {
    socket.write(first);
    say(socket);
  };
const escape = '\u001b[2J\u001b]0;owned\u0007';
const huge = 2 ** 31 - 1;
const [protocol, large, shape] = ['connect.protocol', 'snapshot.too_large', 'snapshot.malformed'];

const atLogin: readonly (readonly [what: string, say: Say, code: string])[] = [
  ['another protocol', send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')), protocol],
  ['an unknown demand', send(message('R', int32(77))), 'credentials.unsupported_method'],
  ['an error without an end', send(message('E', 'SFATAL')), protocol],
  ['an empty error', send(message('E')), protocol],
  ['a message of two gigabytes', (socket) => floodAfter(socket, message('S', '', huge)), large],
  ['a length below its own', send(message('S', '', 0)), protocol],
  ['settings without end', (socket) => flood(socket, message('S', 'a\0b\0')), large],
  ['notices without end', (socket) => flood(socket, message('N', 'SNOTICE\0Mhush\0\0')), large],
  ['one byte at a time', (socket) => drip(socket, message('N', 'SNOTICE\0Mhush\0\0')), 'connect.timeout'],
  ['nothing', () => undefined, 'connect.timeout'],
  ['a wish for the password in clear', send(message('R', int32(3))), 'credentials.clear_password'],
  [
    'mechanisms that nobody knows',
    send(message('R', Buffer.concat([int32(10), Buffer.from('X\0\0')]))),
    'connect.failed',
  ],
  [
    'an end of a login that never began',
    send(message('R', Buffer.concat([int32(12), Buffer.from('v=x')]))),
    'connect.failed',
  ],
  [
    'an error whose code moves the cursor',
    send(error({ S: 'FATAL', C: escape, M: escape })),
    'connect.failed',
  ],
  [
    'an error that is named like a part of every object',
    send(error({ S: 'FATAL', C: 'constructor', M: 'x' })),
    'connect.failed',
  ],
];

const values = (count: number) => `[${Array.from({ length: count }, () => '[]').join(',')}]`;
const emptyRow = message('D', int16(0));
const back = Buffer.concat([int16(2), int32(4), Buffer.from('aaaa'), int32(-8)]);

const atStatements: readonly (readonly [what: string, say: Say, code: string])[] = [
  ['rows without end', then(columns(['a']), (socket) => flood(socket, row(['x'.repeat(900)]))), large],
  ['rows of nothing without end', then(columns([]), (socket) => flood(socket, emptyRow)), large],
  [
    'a row of two gigabytes',
    then(columns(['a']), (socket) => floodAfter(socket, message('D', '', huge))),
    large,
  ],
  [
    'a row of a gigabyte in steps',
    then(columns(['a']), (socket) => floodAfter(socket, message('D', int16(1), 2 ** 30))),
    large,
  ],
  [
    'news without end',
    (socket) => flood(socket, message('A', Buffer.concat([int32(1), Buffer.from('a\0b\0')]))),
    large,
  ],
  [
    'thousands of columns',
    send(columns(Array.from({ length: 5_000 }, (_each, n) => `c${n}`)), complete),
    protocol,
  ],
  ['columns fewer than none', send(message('T', int16(-1)), complete), protocol],
  ['a row that leads back into itself', send(columns(['a', 'b']), message('D', back), complete), protocol],
  ['a row with fewer values than it says', send(columns(['a']), message('D', int16(3)), complete), protocol],
  ['a wish for a copy', send(message('G', Buffer.concat([Buffer.from([0]), int16(0)]))), protocol],
  ['columns of nobody', send(row(['a']), complete), 'connect.lost'],
  ['a value of millions of lists', send(columns(['a'], 114), row([values(6_000_000)]), complete), shape],
  ['JSON that is none', send(columns(['a'], 114), row(['{"a":']), complete), shape],
  ['JSON of a million levels', send(columns(['a'], 114), row(['['.repeat(1_000_000)]), complete), shape],
  ['no row at all', send(complete), shape],
  [
    'escapes where numbers belong',
    send(columns(['takenAt', 'version', 'taken']), row([escape, escape, escape]), complete),
    shape,
  ],
  ['a prototype', send(columns(['__proto__'], 114), row(['{"taken":true}']), complete), shape],
  ['silence', () => undefined, 'snapshot.statement_timeout'],
  ['one byte at a time', (socket) => drip(socket, columns(['a'])), 'snapshot.statement_timeout'],
  ['an error of a new kind', send(error({ S: 'ERROR', C: escape, M: escape }), complete), 'connect.lost'],
];

const limits = { connectMs: 1_500, statementMs: 500 };
const never = new AbortController().signal;

async function sweep(port: number): Promise<never> {
  const login = { host: '127.0.0.1', port, database: null, user: 'u', password: 'hush', tls: 'off' as const };
  const control = await postgresEngine.connect(login, limits, never);
  try {
    await control.snapshot();
    throw new Error('it was believed');
  } finally {
    await control.close();
  }
}

async function faultFrom(answer: (socket: Socket, bytes: Buffer, piece: number) => void): Promise<Fault> {
  const server = await startRogueServer({ answer });
  onTestFinished(() => server.close());
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const fault = await faultOf(sweep(server.port));
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
  expect(fault.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(everythingOf(fault)).not.toContain('hush');
  return fault;
}

test.each(atLogin)('at the login: %s', async (_what, say, code) => {
  const fault = await faultFrom((socket, _bytes, piece) => {
    if (piece === 1) say(socket);
  });
  expect([code, ...(code === large ? ['connect.timeout'] : [])]).toContain(fault.code);
});

test.each(atStatements)('after the login: %s', async (_what, say, code) => {
  const fault = await faultFrom((socket, _bytes, piece) => {
    if (piece === 1) socket.write(welcome);
    else if (piece === 2) socket.write(Buffer.concat([columns(['pinned'], 16), row(['t']), complete]));
    else say(socket);
  });
  // On a busy machine a flood may reach the limit of time before that of bytes.
  expect([code, ...(code === large ? ['snapshot.statement_timeout'] : [])]).toContain(fault.code);
});
