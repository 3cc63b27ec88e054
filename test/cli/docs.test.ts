import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalServer } from '../../servers/local-server.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { until } from '../engines/contract/sessions.ts';
import { maskVolatile, readExamples, writeExamples } from './documented-examples.ts';
import { snapshotJsonSchema } from '../../functions/contract/json-schema.ts';
import { parseSnapshotFile } from '../../functions/contract/snapshot-file.ts';

const pageFile = fileURLToPath(new URL('../../docs/cli.md', import.meta.url));
const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));
const page = readFileSync(pageFile, 'utf8');
const shownPort = '5432';

/** Names the first difference in the message itself, since the gate shows no more than that. */
function expectSame(printed: string, shown: string): void {
  let at = 0;
  while (at < printed.length && printed[at] === shown[at]) at += 1;
  const [here, there] = [printed, shown].map((text) => text.slice(Math.max(0, at - 20), at + 120));
  expect(printed, `printed “${here}”, the page shows “${there}”`).toBe(shown);
}

/** A slow machine's sessions reach no limit of this policy, whatever is shown by it. */
function makePatient(file: string): void {
  const policy = readFileSync(file, 'utf8').replaceAll(/(for|blocking): \d+[sm]/g, '$1: 12h');
  writeFileSync(file, policy);
}

/** The examples share one small shop on a server of their own, as a reader's would. */
describe('docs/cli.md shows what the commands print; UNLEAK_UPDATE_DOCS=1 writes it anew', () => {
  let server: LocalServer;
  let folder: string;
  let admin: Client;
  let password = '';
  const sessions: Client[] = [];
  const outputs: string[] = [];

  beforeAll(async () => {
    server = await startPostgres({ settings: { max_connections: '40' } });
    folder = mkdtempSync(join(tmpdir(), 'unleak-docs-'));
    cpSync(fileURLToPath(new URL('fixtures/docs', import.meta.url)), folder, { recursive: true });
    admin = await connect(server.adminUser, server.adminPassword, 'psql');
    await admin.query(
      "CREATE ROLE shop LOGIN PASSWORD 'shop'; CREATE TABLE stock AS SELECT 1 AS pieces; GRANT ALL ON stock TO shop",
    );
    for (let index = 0; index < 4; index += 1) await open('celery@worker', `SELECT ${index}`);
    await open('shop-admin', 'BEGIN; UPDATE stock SET pieces = 2');
    const waiting = await open('shop-web', 'SELECT 1');
    void waiting.query('UPDATE stock SET pieces = 3').catch(() => undefined);
    await open('shop-cron', 'SELECT pg_advisory_lock(42)');
    await until(areAged, 'the leaks and the terminal are older than three seconds');
  });
  afterAll(async () => {
    for (const client of [...sessions, admin]) await client.end().catch(() => undefined);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function connect(user: string, secret: string, application: string): Promise<Client> {
    const { host, port } = server;
    const client = new Client({
      host,
      port,
      user,
      password: secret,
      database: 'postgres',
      ssl: false,
      application_name: application,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function open(application: string, sql: string): Promise<Client> {
    const client = await connect('shop', 'shop', application);
    sessions.push(client);
    await client.query(sql);
    return client;
  }

  async function areAged(): Promise<boolean> {
    const rows = await askBeside(
      "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND now() - state_change > interval '3.2 s'",
    );
    return rows.length >= 8;
  }

  /** On a connection that is gone afterwards, so that the administrator's own terminal goes on resting. */
  async function askBeside(sql: string): Promise<readonly unknown[]> {
    const client = await connect(server.adminUser, server.adminPassword, 'beside');
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function run(command: string): Promise<string> {
    const args = command.replaceAll(shownPort, String(server.port)).split(' ').slice(2);
    // How long the shop has waited by now depends on the machine.
    if (args[0] === 'sweep' && args.includes('--policy')) args.push('--waiting', '12h');
    const url = `postgres://unleak:${password}@127.0.0.1:${server.port}/postgres`;
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { ...process.env, FORCE_COLOR: undefined, UNLEAK_URL: password === '' ? undefined : url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (args[0] === 'init') makePatient(join(folder, 'unleak.yaml'));
    // Where the SQL does not go to a terminal, the password is shown beside it as well.
    const shown = args[0] === 'grants' ? out : `${out}${err}`;
    return shown.trimEnd().replaceAll(String(server.port), shownPort);
  }

  /** What a reader does with the grants: runs them, and uses the password. */
  async function use(output: string): Promise<void> {
    const made = /PASSWORD '([^']+)'/.exec(output)?.[1];
    if (made === undefined) return;
    await askBeside(output);
    password = made;
  }

  // Asked again, since a session of another test may still be on its way out of this server.
  it.each(readExamples(page))('$command', { retry: 3 }, async ({ command, shown }) => {
    const output = await run(command);
    await use(output);
    outputs.push(output.replace(/PASSWORD '[^']+'/, "PASSWORD 'kRzj5QmV3…'"));
    if (process.env['UNLEAK_UPDATE_DOCS'] !== '1') expectSame(maskVolatile(output), maskVolatile(shown));
  });

  it('is written anew where that is asked for', () => {
    if (process.env['UNLEAK_UPDATE_DOCS'] === '1') writeFileSync(pageFile, writeExamples(page, outputs));
    expect(readExamples(page).length).toBeGreaterThan(10);
  });
});

describe('docs/reference/snapshot.md', () => {
  const text = readFileSync(new URL('../../docs/reference/snapshot.md', import.meta.url), 'utf8');

  it('shows snapshots that can be read', () => {
    const shown = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) =>
      parseSnapshotFile(JSON.parse(json)),
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const parsed of shown) expect(parsed).toMatchObject({ ok: true });
  });

  it('has a JSON Schema that is the contract’s; `npm run schema` writes it', () => {
    const written: unknown = JSON.parse(
      readFileSync(new URL('../../docs/snapshot.schema.json', import.meta.url), 'utf8'),
    );
    expect(written).toEqual(snapshotJsonSchema());
  });
});
