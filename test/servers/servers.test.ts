import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { isRunning } from '../../servers/process-state.ts';
import { TESTED_SERVERS } from './available-servers.ts';
import { CA_FILES, toTlsFiles } from './certificates.ts';
import type { ProvidedServer } from './global-setup.ts';

type Address = Pick<ProvidedServer, 'kind' | 'host' | 'port' | 'adminUser' | 'adminPassword'>;

describe.for(inject('servers'))('$name', (provided) => {
  test('answers over TLS that the tests’ authority vouches for', async () => {
    await expect(selectOne(provided, CA_FILES.trusted)).resolves.toBe(1);
  });

  test('is refused by a client that trusts another authority', async () => {
    await expect(selectOne(provided, CA_FILES.other)).rejects.toThrow(/certificate/);
  });

  test('answers without TLS too', async () => {
    await expect(selectOne(provided)).resolves.toBe(1);
  });

  test(
    'has a second one beside it, with settings and a certificate of its own, which leaves nothing behind',
    { timeout: 60_000 },
    async () => {
      const second = await startAnother(provided, { max_connections: '33' });
      expect(second.port).not.toBe(provided.port);
      await expect(maxConnections(second)).resolves.toBe(33);
      await expect(selectOne(second, CA_FILES.trusted)).rejects.toThrow(/altnames/);
      await second.stop();
      await second.stop();
      expect({ runs: isRunning(second.pid), leaves: existsSync(second.dataFolder) }).toEqual({
        runs: false,
        leaves: false,
      });
    },
  );

  test('says what failed, in the server’s words, when a setting is wrong', { timeout: 60_000 }, async () => {
    await expect(startAnother(provided, { no_such_setting: '1' })).rejects.toThrow(/no.such.setting/);
  });

  test('gives up a start that is aborted', { timeout: 60_000 }, async () => {
    const signal = AbortSignal.timeout(50);
    await expect(startAnother(provided, {}, signal)).rejects.toThrow(/timeout/);
  });
});

for (const { name, why } of inject('skippedServers')) test.skip(`${name}: ${why}`);

function startAnother({ id }: ProvidedServer, settings: Record<string, string>, signal?: AbortSignal) {
  const tested = TESTED_SERVERS.find((server) => server.id === id);
  if (!tested) throw new Error(`unknown server ${id}`);
  return tested.start({ settings, tls: toTlsFiles('wrong-name'), ...(signal && { signal }) });
}

function selectOne(address: Address, caFile?: string): Promise<unknown> {
  return queryValue(address, 'select 1', caFile);
}

async function maxConnections(address: Address): Promise<number> {
  const setting = address.kind === 'postgres' ? `current_setting('max_connections')` : '@@max_connections';
  return Number(await queryValue(address, `select ${setting}`));
}

function queryValue(address: Address, sql: string, caFile?: string): Promise<unknown> {
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  return address.kind === 'postgres' ? queryPostgres(address, sql, ca) : queryMysql(address, sql, ca);
}

async function queryPostgres(
  { host, port, adminUser, adminPassword }: Address,
  sql: string,
  ca?: string,
): Promise<unknown> {
  const ssl = ca === undefined ? false : { ca };
  const client = new pg.Client({
    host,
    port,
    user: adminUser,
    password: adminPassword,
    database: 'postgres',
    ssl,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function queryMysql(
  { host, port, adminUser, adminPassword }: Address,
  sql: string,
  ca?: string,
): Promise<unknown> {
  const ssl = ca === undefined ? undefined : { ca, verifyIdentity: true };
  const connection = await createConnection({
    host,
    port,
    user: adminUser,
    password: adminPassword,
    connectTimeout: 20_000,
    ...(ssl && { ssl }),
  });
  const [rows] = await connection.query<never>({ sql, rowsAsArray: true });
  await connection.end();
  return (rows as unknown[][])[0]?.[0];
}
