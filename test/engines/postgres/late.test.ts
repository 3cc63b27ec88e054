import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import type { Ask } from '../../../functions/engines/postgres/connection/ask.ts';
import { toPinningSql } from '../../../functions/engines/postgres/connection/settings.ts';
import { endSql } from '../../../functions/engines/postgres/terminate/end-sql.ts';
import { end } from '../../../functions/engines/postgres/terminate/end.ts';
import { controlOf, find, openSession } from '../contract/sessions.ts';
import { createPostgresAdapter } from './adapter.ts';

/** No check is that fresh, as on a server where each one is too old by the time of its signal. */
const neverFresh = (sql: string) => sql.replace('(greatest(', '(-1 * greatest(');

const isLate = 'when pg_catalog.clock_timestamp() - forgotten.at > w.believed then';
/** Each check is too old until the third one, as on a server that is busy for a moment; that moment lasts long enough to wake up in. */
const freshAtLast = (sql: string) =>
  sql.replace(isLate, `when tries.number < 3 and pg_catalog.pg_sleep(0.2) is not null then`);

describe.for(inject('servers').filter(({ kind }) => kind === 'postgres'))('$name', (server) => {
  const adapter = createPostgresAdapter(server);
  beforeAll(() => adapter.setUp());
  afterAll(() => adapter.tearDown());

  test('one that the server is too busy to be sure of is late, and one that woke up is changed', async () => {
    const control = await controlOf(adapter);
    const [unused, used] = [await openSession(adapter), await openSession(adapter)];
    for (const session of [unused, used]) await session.work();
    const snapshot = await control.snapshot();
    await used.work();
    const batch = [unused, used].map((session) => ({
      session: find(snapshot, session),
      action: 'terminate' as const,
    }));
    expect(await end(await askAsAdministrator(neverFresh), batch)).toEqual([
      { id: unused.id, result: 'late' },
      { id: used.id, result: 'changed' },
    ]);
    expect(await unused.answers()).toBe(true);
  });

  test('one that was late is checked afresh in the same statement, and spared if it woke up meanwhile', async () => {
    const control = await controlOf(adapter);
    const [used, unused] = [await openSession(adapter), await openSession(adapter)];
    for (const session of [used, unused]) await session.work();
    const snapshot = await control.snapshot();
    const batch = [used, unused].map((session) => ({
      session: find(snapshot, session),
      action: 'terminate' as const,
    }));
    const statements: string[] = [];
    const ending = end(await askAsAdministrator(freshAtLast, statements), batch);
    await used.work();
    expect(await ending).toEqual([
      { id: used.id, result: 'changed' },
      { id: unused.id, result: 'signalled' },
    ]);
    expect(statements).toHaveLength(1);
    expect(await used.answers()).toBe(true);
  });

  test('the server answers no part of the check from memory', async () => {
    const ask = await askAsAdministrator((sql) => `explain ${sql.replace('$1', `'[]'`)}`);
    const plan = JSON.stringify(await ask('terminate', { text: endSql }, z.unknown()));
    expect(plan).toContain('tries');
    expect(plan).not.toMatch(/Memoize|Materialize/);
  });

  async function askAsAdministrator(change: (sql: string) => string, sent: string[] = []): Promise<Ask> {
    const { host, port, adminUser: user, adminPassword: password } = server;
    const client = new Client({ host, port, user, password, database: adapter.database, ssl: false });
    await client.connect();
    const [{ id }] = (await client.query<{ id: number }>('select pg_backend_pid() as id')).rows as [
      { id: number },
    ];
    await client.query(toPinningSql(id, {}));
    onTestFinished(() => client.end());
    return async (_step, { text, values }, rows) => {
      const changed = change(text);
      expect(changed).not.toBe(text);
      sent.push(changed);
      return rows.parse((await client.query(changed, values)).rows);
    };
  }
});
