import { Client, type Submittable } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { verify } from '../../../functions/core/verify.ts';
import { carryOut, idsTakenBy } from '../contract/deciding.ts';
import { controlOf, find, until } from '../contract/sessions.ts';
import { createPostgresAdapter } from './adapter.ts';

describe.for(inject('servers').filter(({ kind }) => kind === 'postgres'))('$name', (server) => {
  const adapter = createPostgresAdapter(server);
  beforeAll(() => adapter.setUp());
  afterAll(() => adapter.tearDown());

  test('a COPY FROM STDIN without data is left alone by cancels, and ended by waitingForClient', async () => {
    const control = await controlOf(adapter);
    const { host, port, user, password } = await adapter.createLogin('nothing');
    const client = new Client({ host, port, user, password, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.end());
    const { rows } = await client.query<{ id: string }>('select pg_backend_pid()::text as id');
    const session = { id: rows[0]?.id ?? '' };
    await client.query('create temporary table copied (line text)');
    client.query(hungCopy);

    let snapshot = await control.snapshot();
    await until(async () => {
      snapshot = await control.snapshot();
      const { waitsForClient, stateMs } = find(snapshot, session);
      return waitsForClient === true && (stateMs ?? 0) >= 1_000;
    }, 'it waits for its client');
    expect(idsTakenBy(snapshot, user, { action: 'cancel' })).toEqual([]);
    expect(idsTakenBy(snapshot, user, { waiting: true })).toEqual([]);
    expect(idsTakenBy(snapshot, user, { waitingForClient: true })).toEqual([session.id]);

    const seen = find(snapshot, session);
    const attempts = await control.end([{ session: seen, action: 'cancel' }]);
    const chosen = [{ session: seen, verdict: 'cancel' as const, rule: 'r', protection: null, reason: '' }];
    expect(verify(chosen, attempts, await control.snapshot())).toMatchObject([{ result: 'still running' }]);
    expect(await carryOut(control, user, { waitingForClient: true })).toEqual(['terminated']);
  });

  test('READ ONLY DEFERRABLE waits for a writer, and is its victim', async () => {
    const control = await controlOf(adapter);
    const { host, port, user, password } = await adapter.createLogin('nothing');
    const open = async () => {
      const client = new Client({ host, port, user, password, database: 'postgres' });
      client.on('error', () => undefined);
      await client.connect();
      onTestFinished(() => client.end());
      return client;
    };
    const [writer, victim] = [await open(), await open()];
    await writer.query('begin isolation level serializable; select count(*) from pg_catalog.pg_class');
    const { rows } = await victim.query<{ id: string }>('select pg_backend_pid()::text as id');
    const session = { id: rows[0]?.id ?? '' };
    const done = victim.query('begin isolation level serializable read only deferrable; select 1');
    await until(async () => {
      const { waitsForLock, stateMs } = find(await control.snapshot(), session);
      return waitsForLock === true && (stateMs ?? 0) >= 1_000;
    }, 'it waits for a safe snapshot');
    expect(idsTakenBy(await control.snapshot(), user, {})).toEqual([]);
    expect(idsTakenBy(await control.snapshot(), user, { waiting: true })).toEqual([session.id]);
    await writer.query('rollback');
    await done;
  });
});

/** Begins to copy and never sends a line. */
const hungCopy: Submittable & Record<string, unknown> = {
  submit: (connection) => connection.query('copy copied from stdin'),
  handleCopyInResponse: () => undefined,
  handleError: () => undefined,
  handleReadyForQuery: () => undefined,
};
