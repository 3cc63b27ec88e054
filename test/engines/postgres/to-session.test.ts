import { describe, expect, test } from 'vitest';
import type { Session } from '../../../functions/core/model/session.ts';
import { type SessionRow, toSession } from '../../../functions/engines/postgres/snapshot/to-session.ts';

const row: SessionRow = {
  id: '42',
  ...{ backendStart: '1000000', stateChange: '2000000', transactionStart: null, queryStart: '1999999' },
  isUnleak: false,
  waitsAt: null,
  backendType: 'client backend',
  ...{ user: 'app', database: 'shop', application: 'web', client: '10.0.0.1', state: 'idle' },
  statement: `select 'x'`,
  ...{ isStatementCut: false, mentionsListen: false, mentionsBackup: false, mentionsSnapshot: false },
  superuser: false,
  ...{ stateMs: 5, openMs: 10, transactionMs: null },
  advisoryLock: false,
  temporaryTable: false,
  waitsForLock: null,
  waitingMs: null,
  waitsForClient: null,
  blocks: [],
};

// What a login without pg_read_all_stats sees of others, as FACTS measured it.
const hidden: Partial<SessionRow> = {
  ...{
    backendStart: null,
    stateChange: null,
    queryStart: null,
    backendType: null,
    client: null,
    state: null,
  },
  ...{ statement: '<insufficient privilege>', stateMs: null, openMs: null },
};

const cases: readonly (readonly [what: string, change: Partial<SessionRow>, seen: Partial<Session>])[] = [
  ['a client', {}, { kind: 'client', state: 'idle', stateMs: 5, transactionMs: 0, statement: 'select ?' }],
  ['ours', { isUnleak: true }, { kind: 'unleak' }],
  ['a walsender', { backendType: 'walsender' }, { kind: 'replication' }],
  ['an apply worker', { backendType: 'logical replication apply worker' }, { kind: 'replication' }],
  ['a slot sync worker', { backendType: 'slotsync worker' }, { kind: 'replication' }],
  ['a parallel worker', { backendType: 'parallel worker' }, { kind: 'background' }],
  ['a background process', { ...hidden, user: null, isUnleak: null }, { kind: 'background' }],
  [
    'a hidden session',
    hidden,
    {
      kind: 'client',
      state: null,
      stateMs: null,
      openMs: null,
      transactionMs: null,
      statement: null,
      client: null,
    },
  ],
  [
    'a hidden identity',
    hidden,
    { identity: { connection: '', stateChange: '', transactionStart: '', queryStart: '' } },
  ],
  ['a socket', { client: '' }, { client: '' }],
  ['a state no rule speaks of', { state: 'fastpath function call' }, { state: 'other', transactionMs: null }],
  ['a transaction', { state: 'idle in transaction', transactionMs: 9 }, { transactionMs: 9 }],
  ['a transaction without a start', { state: 'idle in transaction' }, { transactionMs: null }],
  ['an aborted transaction', { state: 'idle in transaction (aborted)' }, { transactionMs: 5 }],
  ['what began after the look', { stateMs: -0.2, openMs: -1 }, { stateMs: 0, openMs: 0 }],
  ['LISTEN', { statement: '  -- jobs\n/* x */ LISTEN jobs' }, { listening: true }],
  [
    'pg_backup_start',
    { statement: "select * from pg_catalog.pg_backup_start('nightly')" },
    { backingUp: true, listening: false },
  ],
  ['pg_start_backup', { statement: "SELECT pg_start_backup('x', true, false)" }, { backingUp: true }],
  ['LISTEN where the rest is hidden', { statement: "SELECT 'a\\'; LISTEN jobs" }, { listening: true }],
  [
    'LISTEN in the part that was cut off',
    { statement: 'select a', isStatementCut: true, mentionsListen: true },
    { listening: true },
  ],
  [
    'a backup in the part that was cut off',
    { isStatementCut: true, mentionsBackup: true },
    { backingUp: true },
  ],
  ['a statement the server cut', { statement: 'select a', isStatementCut: true }, { statement: 'select a…' }],
  ['LISTEN after another statement', { statement: 'set a = 1; listen jobs' }, { listening: true }],
  ['LISTEN within a transaction of one text', { statement: 'BEGIN; LISTEN x; COMMIT;' }, { listening: true }],
  [
    'LISTEN inside DO',
    { statement: "set a = 1; do $$ begin execute 'listen x'; end $$" },
    { listening: true },
  ],
  ['DO without LISTEN', { statement: 'do $$ begin perform 1; end $$' }, { listening: false }],
  [
    'an exported snapshot',
    { state: 'idle in transaction', statement: 'begin; select pg_export_snapshot()' },
    { backingUp: true },
  ],
  [
    'a snapshot of another taken over',
    { state: 'idle in transaction', statement: "SET TRANSACTION  SNAPSHOT '00000003-1'" },
    { backingUp: true },
  ],
  [
    'a snapshot exported without a transaction',
    { statement: 'select pg_export_snapshot()' },
    { backingUp: false },
  ],
  [
    'a snapshot in the part that was cut off',
    { state: 'idle in transaction', isStatementCut: true, mentionsSnapshot: true },
    { backingUp: true },
  ],
  [
    'LISTEN as a name',
    { statement: `select listen from listen_log where a = 'listen'` },
    { listening: false },
  ],
];

describe('toSession', () => {
  test.each(cases)('%s', (_what, change, seen) => {
    expect(toSession({ ...row, ...change })).toMatchObject(seen);
  });

  test('a blocked session whose wait has no start has no age', () => {
    const blocks = [
      { id: '7', waitingMs: null, isForSnapshot: false },
      { id: '8', waitingMs: 3, isForSnapshot: true },
    ];
    expect(toSession({ ...row, blocks }).blocks).toEqual([
      { id: '7', waitingMs: null },
      { id: '8', waitingMs: 3, waitsFor: 'snapshot' },
    ]);
  });
});
