import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LocalServer } from '../../servers/local-server.ts';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { isMotoHere, withMoto } from '../aws/moto.ts';
import { TESTED_SERVERS } from '../servers/available-servers.ts';
import { type EmulatedAccount, openAccount } from './emulated-account.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';
import { type LeakyApp, openLeakyApp } from './leaky-app.ts';

/* A sweep looks at a whole server and locks others out, so each engine has a server of its own beside the shared ones. */
const engines = inject('servers');
const statementMarkers = ['card-4111-1111', 'jane-doe', '987654321'];
const sql = `SELECT '${statementMarkers[0]}', '${statementMarkers[1]}', ${statementMarkers[2]}`;

/* MariaDB keeps what unleak needs to know (GET_LOCK holders, program names) only when it is told to. */
const settings: Readonly<Record<LocalServer['kind'], Record<string, string>>> = {
  postgres: {},
  mysql: {},
  mariadb: { performance_schema: 'ON', performance_schema_instrument: 'wait/lock/metadata/sql/mdl=ON' },
};

interface Envelope {
  readonly Type: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, { readonly Type: string; readonly Value: string }>;
}

describe.skipIf(!isMotoHere)(withMoto('the Lambda function over HTTP'), () => {
  let account: EmulatedAccount;
  beforeAll(async () => {
    account = await openAccount();
  });
  afterAll(() => account.stop());

  describe.for(engines)('with $name behind it', ({ id, kind }) => {
    let server: LocalServer;
    let app: LeakyApp;
    let lambda: FunctionProcess;
    const secret = `prod/shop-${id}`;
    /* All that anybody could ever see, to be searched at the end. */
    const seen: string[] = [];

    beforeAll(async () => {
      const tested = TESTED_SERVERS.find((each) => each.id === id);
      if (!tested) throw new Error(`unknown server ${id}`);
      server = await tested.start({ settings: settings[kind] });
      app = await openLeakyApp(server);
      await account.putSecret(secret, JSON.stringify({ ...app.secret, engine: kind }));
      lambda = startFunction(account.env);
    });
    afterAll(async () => {
      await lambda.stop();
      await app.close();
      await server.stop();
    });

    function eventFor(mode: 'dry-run' | 'enforce', name = `shop-${id}`): SweepEventInput {
      return {
        version: 1,
        target: { name, engine: kind, secret, mode, tls: 'off' },
        policy: {
          rules: [{ name: 'leaked', state: 'idle', for: '1s', match: { user: ['shop'] } }],
          caps: { share: '100%' },
        },
      };
    }

    async function invoke(event: object) {
      const invoked = await lambda.sweep(event);
      seen.push(JSON.stringify(invoked));
      return invoked;
    }

    async function drain() {
      const [raw, wrapped] = [await account.drain('raw'), await account.drain('wrapped')];
      seen.push(JSON.stringify([raw, wrapped]));
      return { raw, wrapped };
    }

    async function expectNoControlConnection() {
      await expect.poll(() => app.countSessions('unleak'), { timeout: 5_000 }).toBe(0);
    }

    test('a dry run tells and touches nothing', async () => {
      for (let index = 0; index < 3; index += 1) await app.leak(sql);
      expect(await invoke(eventFor('dry-run'))).toEqual({ outcome: 'would-end' });
      expect(await app.countSessions('shop')).toBe(3);
      const { raw, wrapped } = await drain();
      expect([raw.length, wrapped.length]).toEqual([1, 1]);
    });

    test('the same news again is not told again', async () => {
      expect(await invoke(eventFor('dry-run'))).toEqual({ outcome: 'would-end' });
      expect(await drain()).toEqual({ raw: [], wrapped: [] });
    });

    test('an enforced sweep ends the sessions and tells each queue once, with a report that parses', async () => {
      expect(await invoke(eventFor('enforce'))).toEqual({ outcome: 'ended' });
      expect(await app.countSessions('shop')).toBe(0);
      const { raw, wrapped } = await drain();
      expect([raw.length, wrapped.length]).toEqual([1, 1]);
      const report = JSON.parse(raw[0]?.Body ?? '') as Report;
      expect(report).toMatchObject({
        schema: 'unleak.report/1',
        mode: 'enforce',
        outcome: 'ended',
        target: { name: `shop-${id}`, engine: kind },
        results: { terminated: 3 },
      });
      expect(raw[0]?.MessageAttributes).toMatchObject({
        target: { DataType: 'String', StringValue: `shop-${id}` },
        engine: { DataType: 'String', StringValue: kind },
        mode: { DataType: 'String', StringValue: 'enforce' },
        outcome: { DataType: 'String', StringValue: 'ended' },
        terminated: { DataType: 'Number', StringValue: '3' },
      });
      const envelope = JSON.parse(wrapped[0]?.Body ?? '') as Envelope;
      expect(envelope.Type).toBe('Notification');
      expect(envelope.Subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
      expect(envelope.MessageAttributes).toMatchObject({ outcome: { Type: 'String', Value: 'ended' } });
      expect(JSON.parse(envelope.Message)).toEqual(report);
    });

    test('what was told is in the bucket', async () => {
      const told = await account.readHistory(`state/target=shop-${id}/history.json.gz`);
      seen.push(told);
      expect(JSON.parse(told)).toMatchObject({
        schema: 'unleak.history/1',
        notification: { outcome: 'ended', notificationKey: expect.any(String) as string },
      });
    });

    test('a sweep that finds nothing is quiet', async () => {
      expect(await invoke(eventFor('enforce'))).toEqual({ outcome: 'quiet' });
      expect(await drain()).toEqual({ raw: [], wrapped: [] });
    });

    test('a wrong password is told, logged with its code, and thrown', async () => {
      await account.putSecret(secret, JSON.stringify({ ...app.secret, password: 'pw-marker-wrong' }));
      const invoked = await invoke(eventFor('enforce'));
      await account.putSecret(secret, JSON.stringify(app.secret));
      expect(invoked).toMatchObject({ name: 'CredentialsFault', code: 'credentials.login_refused' });
      const { raw } = await drain();
      expect(raw).toHaveLength(1);
      expect(JSON.parse(raw[0]?.Body ?? '')).toMatchObject({
        outcome: 'fault',
        severity: 'critical',
        fault: { code: 'credentials.login_refused' },
      });
      expect(logLines().some(({ fault }) => fault?.code === 'credentials.login_refused')).toBe(true);
    });

    test('the recovery is told', async () => {
      expect(await invoke(eventFor('enforce'))).toEqual({ outcome: 'quiet' });
      const { raw } = await drain();
      expect(raw[0]?.MessageAttributes?.['news']?.StringValue).toBe('recovery');
    });

    test('a secret that is not JSON, one that is missing, and an event with mistakes are told as well', async () => {
      await account.putSecret(`${secret}-text`, app.secret.password);
      const broken = eventFor('enforce', `broken-${id}`);
      const target = (own: object) => ({ ...broken, target: { ...broken.target, ...own } });
      const codes = [];
      for (const event of [
        target({ secret: `${secret}-text` }),
        target({ secret: 'nowhere' }),
        target({ mode: 'on' }),
      ])
        codes.push(await invoke(event));
      expect(codes).toMatchObject([
        { code: 'credentials.secret_malformed' },
        { code: 'credentials.secret_missing' },
        { code: 'config.event' },
      ]);
      expect((await drain()).raw).toHaveLength(3);
    });

    test('no control connection is left', expectNoControlConnection);

    test('every line that it wrote is one JSON object below 256 KiB, with a metric of each sweep', () => {
      const lines = logLines();
      const sweeps = lines.filter((line) => 'Swept' in line);
      // A sweep without news leaves its line of numbers and nothing else.
      const reports = lines.filter(({ message }) => message?.startsWith('sweep '));
      expect(reports.length).toBeGreaterThan(0);
      expect(sweeps.length).toBeGreaterThanOrEqual(reports.length);
      expect(lines.filter((line) => line['Fault'] === 1)).toHaveLength(4);
      for (const line of written()) expect(Buffer.byteLength(line)).toBeLessThan(256 * 1_024);
    });

    test('no password and no literal of a statement is anywhere', () => {
      const all = [...seen, lambda.output()].join('\n');
      // MariaDB forgets the statement of a session that is idle.
      expect(all.includes('SELECT ?')).toBe(kind !== 'mariadb');
      const markers = [app.secret.password, 'pw-marker', ...statementMarkers];
      expect(markers.filter((marker) => all.includes(marker))).toEqual([]);
    });

    interface Line extends Record<string, unknown> {
      readonly message?: string;
      readonly fault?: { readonly code: string };
    }

    /* Node.js itself may warn in plain text; those lines are not ours. */
    function written(): string[] {
      return lambda
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'));
    }

    function logLines(): Line[] {
      return written().map((line) => JSON.parse(line) as Line);
    }
  });
});
