import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { LocalServer } from '../../../servers/local-server.ts';
import { TESTED_SERVERS } from '../../servers/available-servers.ts';
import { controlOf, find } from '../contract/sessions.ts';
import { createPostgresAdapter } from './adapter.ts';

/* Servers may be told to show a megabyte of each statement, and anybody may send one. */

const [oneOfThem] = inject('servers').filter(({ kind }) => kind === 'postgres');

describe.skipIf(oneOfThem === undefined)('statements of a megabyte', () => {
  const shared = oneOfThem as NonNullable<typeof oneOfThem>;
  let server: LocalServer;
  let adapter: ReturnType<typeof createPostgresAdapter>;
  beforeAll(async () => {
    const tested = TESTED_SERVERS.find(({ id }) => id === shared.id);
    if (!tested) throw new Error(`unknown server ${shared.id}`);
    server = await tested.start({ settings: { track_activity_query_size: '1MB', max_connections: '140' } });
    adapter = createPostgresAdapter({ ...shared, ...server });
    await adapter.setUp();
  });
  afterAll(async () => {
    await adapter.tearDown();
    await server.stop();
  });

  async function openWith(sql: string): Promise<{ readonly id: string }> {
    const login = { user: server.adminUser, password: server.adminPassword, database: adapter.database };
    const client = new Client({ host: server.host, port: server.port, ...login });
    onTestFinished(() => client.end());
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ id: string }>('select pg_backend_pid()::text as id');
    await client.query(sql);
    return { id: rows[0]?.id ?? '' };
  }

  const filler = 'é'.repeat(450_000);

  test.each([
    ['LISTEN at its end', `select 1 /* ${filler} */; listen news`, { listening: true, backingUp: false }],
    [
      'a backup at its end',
      `select 1 /* ${filler} pg_backup_start */`,
      { backingUp: true, listening: false },
    ],
    [
      'a word that only resembles it',
      `select 1 /* ${filler} listener */`,
      { listening: false, backingUp: false },
    ],
    ['neither', `select 1 /* ${filler} */`, { listening: false, backingUp: false }],
  ])('with %s are cut at the server, and say it all the same', async (_what, sql, facts) => {
    const session = await openWith(sql);
    const seen = find(await (await controlOf(adapter)).snapshot(), session);
    expect(seen).toMatchObject(facts);
    expect(seen.statement).toMatch(/^select \? ?…$/);
  });

  test('of a hundred sessions, each with a word that resembles one looked for, are read in time', async () => {
    const sql = `select 1 /* ${filler} listener basebackup snapshots */`;
    const sessions = await Promise.all(Array.from({ length: 100 }, () => openWith(sql)));
    const snapshot = await (await controlOf(adapter)).snapshot();
    // There is too much to tell the words apart: in doubt, leave it alone.
    for (const session of sessions)
      expect(find(snapshot, session)).toMatchObject({ listening: true, backingUp: true });
  });

  test('of many sessions take little memory', async () => {
    for (let n = 0; n < 20; n += 1) await openWith(`select 1 /* ${filler} ${n} */`);
    const control = await controlOf(adapter);
    const before = process.memoryUsage().rss;
    const snapshot = await control.snapshot();
    expect(
      snapshot.sessions.filter(({ statement }) => statement?.endsWith('…')).length,
    ).toBeGreaterThanOrEqual(20);
    expect(process.memoryUsage().rss - before).toBeLessThan(30 * 2 ** 20);
  });
});
