import { Client, type Connection } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { readText } from '../../../functions/engines/postgres/snapshot/text.ts';
import { connectTo, openSession } from '../contract/sessions.ts';
import { openAdmin, unique } from './admin.ts';
import { createPostgresAdapter } from './adapter.ts';

/* Bytes that no encoding explains cost the text they stand in, and nothing else. */

const servers = inject('servers').filter(({ kind }) => kind === 'postgres');

describe.for(servers)('$name', (server) => {
  const adapter = createPostgresAdapter(server);
  const databases = new Map<string, string>();
  beforeAll(async () => {
    await adapter.setUp();
    for (const encoding of ['SQL_ASCII', 'UTF8', 'LATIN1', 'EUC_JP']) {
      const name = unique(encoding.toLowerCase());
      await adapter.execute(`create database ${name} encoding '${encoding}' locale 'C' template template0`);
      databases.set(encoding, name);
    }
  });
  afterAll(async () => {
    for (const name of databases.values()) await adapter.execute(`drop database ${name} with (force)`);
    await adapter.tearDown();
  });

  /** A session whose last statement is these bytes, sent as they are. */
  async function openWith(database: string, statement: Buffer): Promise<string> {
    const { host, port, adminUser: user, adminPassword: password } = server;
    const client = new Client({ host, port, user, password, database });
    client.on('error', () => undefined);
    onTestFinished(() => client.end());
    await client.connect();
    await client.query('set client_encoding = SQL_ASCII');
    const { rows } = await client.query<{ id: string }>('select pg_backend_pid()::text as id');
    await new Promise<void>((resolve, reject) => client.query(toRawQuery(statement, resolve, reject)));
    return rows[0]?.id ?? '';
  }

  // The database that we log in to, that of the session, its statement, and what is shown.
  const cases = [
    ['SQL_ASCII', 'SQL_ASCII', Buffer.from(`select 1 as "caf\xe9"`, 'latin1'), 'select ? as "caf\ufffd"'],
    ['UTF8', 'SQL_ASCII', Buffer.from(`select 1 as "caf\xe9"`, 'latin1'), 'select ? as "caf\ufffd"'],
    ['SQL_ASCII', 'UTF8', Buffer.from(`select 1 as "café"`), 'select ? as "café"'],
    ['UTF8', 'LATIN1', Buffer.from(`select 1 as "caf\xe9"`, 'latin1'), 'select ? as "café"'],
    ['LATIN1', 'UTF8', Buffer.from(`select 1 as "café"`), 'select ? as "café"'],
    ['EUC_JP', 'EUC_JP', Buffer.from('73656c6563742031206173202268c6fccbdc22', 'hex'), 'select ? as "h日本"'],
    ['EUC_JP', 'SQL_ASCII', Buffer.from(`select 1 as "\x8f\xff"`, 'latin1'), 'select ? as "\ufffd\ufffd"'],
    ['LATIN1', 'SQL_ASCII', Buffer.from(`select 1 as "\\\xff"`, 'latin1'), 'select ? as "\\\ufffd"'],
  ] as const;
  test.for(cases)('looking from %s, a session of %s', async ([ours, theirs, statement, shown]) => {
    const own = databases.get(ours) ?? '';
    const other = await openWith(databases.get(theirs) ?? '', statement);
    const control = await connectTo(adapter, {
      ...(await adapter.createLogin('see and end')),
      database: own,
    });
    const neighbour = await openSession(adapter);
    const { sessions } = await control.snapshot();
    expect(sessions.find(({ id }) => id === other)?.statement).toBe(shown);
    expect(sessions.some(({ id }) => id === neighbour.id)).toBe(true);
  });

  test('names of a database and a role that are no UTF-8', async () => {
    const latin = databases.get('LATIN1') ?? '';
    const inside = await openAdmin(server, latin);
    const name = unique('größe');
    await inside.execute(
      `set client_encoding = UTF8; create role "${name}" login password 'x' connection limit 3`,
    );
    await inside.execute(`create database "${name}" encoding 'LATIN1' locale 'C' template template0`);
    await inside.execute(`alter role "${name}" set idle_session_timeout = '1h'`);
    onTestFinished(async () => {
      await inside.execute(`drop database "${name}" with (force)`);
      await inside.execute(`drop role "${name}"`);
      await inside.close();
    });
    for (const database of [latin, null]) {
      const login = { ...(await adapter.createLogin('see and end')), database };
      const control = await connectTo(adapter, login);
      const { capacity, guards } = await control.snapshot();
      const shown = database === null ? name.replace(/[öß]/g, '\ufffd') : name;
      expect(capacity.limits.map((limit) => limit.name)).toContain(shown);
      expect(guards?.exempt).toContain(shown);
      await control.close();
    }
  });
});

/** A statement in bytes of its own, for the driver's queue. */
function toRawQuery(statement: Buffer, resolve: () => void, reject: (error: Error) => void) {
  const head = Buffer.alloc(5, 'Q');
  head.writeInt32BE(statement.length + 5, 1);
  const bytes = Buffer.concat([head, statement, Buffer.from([0])]);
  const ignore = () => undefined;
  return {
    submit: (connection: Connection) => void connection.stream.write(bytes),
    ...{ handleRowDescription: ignore, handleDataRow: ignore, handleCommandComplete: ignore },
    handleReadyForQuery: resolve,
    handleError: reject,
  };
}

test.for([
  ['plain', 'LATIN1', 'plain'],
  [String.raw`back\\slash`, null, String.raw`back\slash`],
  [String.raw`\303\251`, 'LATIN1', 'é'],
  [String.raw`\351`, 'LATIN1', 'é'],
  [String.raw`\351`, 'SQL_ASCII', '\ufffd'],
  [String.raw`\351`, null, '\ufffd'],
  [String.raw`\\303\351`, 'WIN1252', String.raw`\303é`],
  [String.raw`\316\322`, 'EUC_CN', '我'],
  [String.raw`\301`, 'KOI8R', 'а'],
  [String.raw`\244`, 'LATIN9', '€'],
  [String.raw`\244\244`, 'EUC_TW', '\ufffd\ufffd'],
] as const)('%s of %s is read as %s', ([raw, encoding, text]) => {
  expect(readText(raw, encoding)).toBe(text);
});
