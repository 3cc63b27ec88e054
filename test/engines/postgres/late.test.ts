import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Ask } from '../../../functions/engines/postgres/connection/ask.ts';
import { end } from '../../../functions/engines/postgres/terminate/end.ts';
import { controlOf, find, openSession } from '../contract/sessions.ts';
import { createPostgresAdapter } from './adapter.ts';

/** No check is that fresh, as on a server where each one is too old by the time of its signal. */
const neverFresh = (sql: string) => sql.replace('100 + ', '-1000000 + ');

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
    expect(await end(await askAsAdministrator(), batch)).toEqual([
      { id: unused.id, result: 'late' },
      { id: used.id, result: 'changed' },
    ]);
    expect(await unused.answers()).toBe(true);
  });

  async function askAsAdministrator(): Promise<Ask> {
    const { host, port, adminUser: user, adminPassword: password } = server;
    const client = new Client({ host, port, user, password, database: adapter.database, ssl: false });
    await client.connect();
    onTestFinished(() => client.end());
    return async (_step, { text, values }, rows) => {
      expect(neverFresh(text)).not.toBe(text);
      return rows.parse((await client.query(neverFresh(text), values)).rows);
    };
  }
});
