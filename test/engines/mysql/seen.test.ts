import { expect, test } from 'vitest';
import { toSeenOnMariadb } from '../../../functions/engines/mysql/variants/raw-sessions-on-mariadb.ts';
import { elapsedMs, toSeenOnMysql } from '../../../functions/engines/mysql/variants/raw-sessions-on-mysql.ts';
import { toVariant } from '../../../functions/engines/mysql/connection/server.ts';
import { type Details, toSession } from '../../../functions/engines/mysql/snapshot/to-session.ts';

const second = 1_000_000_000_000n;
const details: Details = {
  ownId: '1',
  ownUser: 'unleak',
  variant: 'mysql',
  transactions: { bySession: new Map(), withoutSession: [] },
  branches: { detached: [], mayBeAttached: false },
  eventsTellTransactions: false,
  attributes: new Map(),
  hidesPrograms: false,
  attributesAreWhole: true,
  hiding: new Set(),
  holders: { user: new Set(), backup: new Set(), table: new Map(), temporary: new Set() },
  blocks: { bySession: new Map(), byNobody: [], isComplete: true, unexplained: new Set() },
  accounts: { all: new Set(['root', 'shop']), superusers: new Set(['root']), hosts: new Map() },
};
const asleep = {
  ...{ id: '7', thread: '9', name: 'thread/sql/one_connection', user: 'shop', host: '10.0.0.1', db: null },
  ...{ command: 'Sleep', seconds: '60', transport: 'SSL/TLS', instrumented: 'YES', statement: 'SELECT 1' },
  ...{ event: '5', ended: '1', started_ps: '1', ended_ps: `${40n * second}`, now_ps: `${100n * second}` },
  ...{ transaction: null, transaction_ps: null },
};
const recorded = { statements: true, transactions: true };

test.for([
  ['a minute', 100n * second, 40n * second, 60_000],
  ['an event that ended while we were reading', 100n * second, 101n * second, 0],
  ['across the timer’s end', 10n * second, 2n ** 64n - 50n * second, 60_000],
] as const)('elapsed time: %s', ([, now, then, expected]) => {
  expect(elapsedMs(now, then)).toBe(expected);
});

test.for([
  ['60', 60_000],
  ['795343351', 60_000],
  ['-5', 60_000],
  ['0', 60_000],
  ['59', 60_000],
  ['57', null],
] as const)('when TIME says %s s and the timers a minute, it is %s', ([seconds, expected]) => {
  expect(toSeenOnMysql({ ...asleep, seconds }, recorded).stateMs).toBe(expected);
});

test('a session that is not instrumented has no time and nothing to prove it by', () => {
  const seen = toSeenOnMysql({ ...asleep, instrumented: 'NO' }, recorded);
  expect(seen).toMatchObject({ stateMs: null, use: null, isInTransaction: null });
  expect(toSession(seen, details).identity).toEqual({ connection: '9' });
});

test.for([
  ['Binlog Dump', 'repl', 'replication', 'active'],
  ['Binlog Dump GTID', 'repl', 'replication', 'active'],
  ['Connect', 'system user', 'replication', 'other'],
  ['Slave_SQL', 'system user', 'replication', 'active'],
  ['Daemon', 'event_scheduler', 'background', 'other'],
  ['Killed', 'shop', 'client', 'other'],
  ['Connect', 'unauthenticated user', 'client', 'other'],
  ['Sleep', 'shop', 'client', 'idle'],
  ['Execute', 'shop', 'client', 'active'],
] as const)('%s of %s is %s and %s', ([command, user, kind, state]) => {
  const onMysql = toSession(toSeenOnMysql({ ...asleep, command, user }, recorded), details);
  const row = {
    id: '7',
    user,
    host: '10.0.0.1:3',
    command,
    time_ms: '60000.123',
    query_id: '5',
    statement: 'SELECT 1',
  };
  const onMariadb = toSession(toSeenOnMariadb(row), details);
  for (const session of [onMysql, onMariadb])
    expect(session).toMatchObject({ kind, state, client: '10.0.0.1' });
});

test('a sleeper that somebody asked by KILL QUERY shows as Killed on MariaDB, and is as idle as before', () => {
  const row = { id: '7', user: 'shop', host: 'h:3', time_ms: '60000.123', query_id: '5', statement: null };
  const session = toSession(toSeenOnMariadb({ ...row, command: 'Killed' }), details);
  expect(session).toMatchObject({ state: 'idle', stateMs: 60_000 });
});

test.for([
  ['in no list of transactions', false, null],
  ['in the list of InnoDB', true, 'idle in transaction'],
] as const)('where MySQL does not record transactions, one %s', ([, isListed, state]) => {
  const unrecorded = toSeenOnMysql(asleep, { ...recorded, transactions: false });
  const transaction = { ageMs: 5_000, isRollingBack: false, isWaiting: false, waitingMs: null };
  const transactions = { bySession: new Map(isListed ? [['7', transaction]] : []), withoutSession: [] };
  const session = toSession(unrecorded, { ...details, eventsTellTransactions: true, transactions });
  expect(session.state).toBe(state);
});

test('where MySQL does not record locks, whether one is in a backup is unknown', () => {
  const holders = { ...details.holders, user: null, backup: null, table: null };
  const unrecorded = { ...details, holders };
  const session = toSession(toSeenOnMysql(asleep, recorded), unrecorded);
  expect(session).toMatchObject({ advisoryLock: null, backingUp: null, tableLock: null });
});

test('a session that is asleep but has begun a statement is active', () => {
  expect(toSession(toSeenOnMysql({ ...asleep, ended: '0' }, recorded), details).state).toBe('active');
});

test.for([
  ['[fe80::1]:3306', '[fe80::1]'],
  ['::1:50000', '::1'],
  ['localhost', 'localhost'],
] as const)('the client of %s is %s', ([host, client]) => {
  expect(toSeenOnMariadb({ id: '1', host }).client).toBe(client);
});

test.for([
  ['8.0.36', 'mysql'],
  ['9.7.4-2', 'mysql'],
  ['10.6.14-MariaDB-log', 'mariadb'],
  ['11.4.2-MariaDB', 'mariadb'],
] as const)('version %s is %s', ([version, variant]) => {
  expect(toVariant(version)).toBe(variant);
});

test.for(['5.7.44-log', '10.5.9-MariaDB', ''])('version "%s" is too old', (version) => {
  expect(() => toVariant(version)).toThrow(expect.objectContaining({ code: 'connect.unsupported_version' }));
});

test.for([
  ['within the time that a login may take', 9, 0],
  ['after it', 70, 60_000],
] as const)('a session that never ran anything may have just logged in: %s', ([, seconds, expected]) => {
  const login = { login_seconds: '10' };
  const unused = { event: null, ended: null, ended_ps: null, seconds: String(seconds) };
  expect(toSeenOnMysql({ ...asleep, ...unused, ...login }, recorded).stateMs).toBe(expected);
  const row = { user: 'shop', host: 'h:3', command: 'Sleep', time_ms: `${seconds}000.5`, query_id: '0' };
  expect(toSeenOnMariadb({ ...row, ...login }).stateMs).toBe(expected);
  expect(toSeenOnMariadb(row).stateMs).toBeNull();
});
