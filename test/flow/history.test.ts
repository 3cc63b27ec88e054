import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { stateKey } from '../../functions/core/history/layout.ts';
import type { SweepRecord } from '../../functions/core/history/sweep-record.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { recall } from '../../functions/flow/history/recall.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { createLocalParts, createMemoryStore, failing } from './local-parts.ts';
import { isAlive, openPostgresShop, type PostgresShop } from './postgres-shop.ts';

const denied = new Fault({ code: 'publish.history', step: 'record', message: 'No.' });

let shop: PostgresShop;
beforeAll(async () => {
  shop = await openPostgresShop();
});
afterAll(() => shop.stop());
afterEach(() => shop.cleanUp());

let sweeps = 0;
async function sweep(mode: 'dry-run' | 'enforce', overrides: Partial<Deps>) {
  sweeps += 1;
  const parts = createLocalParts(shop.secret(), { sweepId: `sweep-${sweeps}`, ...overrides });
  const end = await runSweep(shop.event({ mode }), parts.deps).catch((error: unknown) => error as Fault);
  parts.deps.deadline.end();
  return { ...parts, end, codes: parts.faults.map(({ code }) => code) };
}

function recordsOf(store: { readonly objects: Map<string, Uint8Array> }): SweepRecord[] {
  return [...store.objects]
    .filter(([key]) => key.startsWith('sweeps/'))
    .map(([, bytes]) => JSON.parse(gunzipSync(bytes).toString()) as SweepRecord);
}

describe('a sweep with a history', () => {
  test('knows what became of those that the sweep before would have ended', async () => {
    const store = createMemoryStore();
    const [used, , left] = await Promise.all(['used', 'silent', 'left'].map((name) => shop.open(name)));
    await shop.untilIdle(3);
    await sweep('dry-run', { history: store });
    await used?.query('select 2');
    await left?.end();
    await sweep('dry-run', { history: store });
    const fates = recordsOf(store).flatMap((record) => record.fates);
    expect(fates.map(({ application, fate }) => [application, fate]).sort()).toEqual([
      ['left', 'left'],
      ['used', 'usedAgain'],
    ]);
    const { history } = await recall(store, 'shop', '', new AbortController().signal);
    expect(history?.ledger.followed.map(({ application }) => application)).toEqual(['silent']);
    expect(history?.points).toHaveLength(2);
  });

  test('records who ran it, where, by which policy, and the notification', async () => {
    const store = createMemoryStore();
    await shop.open('worker');
    await shop.untilIdle(1);
    const { messages } = await sweep('enforce', { history: store });
    const [record] = recordsOf(store);
    expect(record).toMatchObject({
      schema: 'unleak.sweep/1',
      outcome: 'ended',
      notification: { subject: messages[0]?.subject, isSent: true },
      fates: [{ application: 'worker', fate: 'ended' }],
      report: {
        audit: {
          host: shop.host,
          port: shop.port,
          policy: { name: null },
          ranBy: { name: 'test' },
          version: '0.1.0',
        },
      },
      snapshot: { schema: 'unleak.snapshot/1' },
    });
    expect(record?.report.audit?.policy?.hash).toMatch(/^[0-9a-f]{12}$/);
    const { password } = JSON.parse(shop.secret()) as { readonly password: string };
    expect(JSON.stringify(record)).not.toContain(password);
  });

  test('records a quiet server once an hour', async () => {
    const store = createMemoryStore();
    const start = Date.now();
    for (const minutes of [0, 5, 59, 60, 65])
      await sweep('dry-run', { history: store, now: () => start + minutes * 60_000 });
    expect(recordsOf(store)).toHaveLength(2);
    expect(store.objects.has(stateKey('shop'))).toBe(true);
  });

  test('is not sent the same news twice', async () => {
    const store = createMemoryStore();
    await shop.open('worker');
    await shop.untilIdle(1);
    const counts = [];
    for (let round = 0; round < 2; round += 1)
      counts.push((await sweep('dry-run', { history: store })).messages.length);
    expect(counts).toEqual([1, 0]);
  });
});

describe('a history that fails', () => {
  const memory = createMemoryStore();
  const silent: ObjectStore = {
    ...memory,
    get: () => new Promise(() => undefined),
    put: () => new Promise(() => undefined),
  };
  const broken: readonly (readonly [string, ObjectStore])[] = [
    ['cannot be read or written', failing(denied)],
    ['cannot be written', { ...memory, put: () => Promise.reject(denied) }],
    ['throws what nobody translated', failing(new TypeError('x'))],
    ['is always overtaken', { ...memory, put: () => Promise.resolve('conflict') }],
  ];

  test.each(broken)('and %s hides nothing and fails no sweep that ended sessions', async (_how, history) => {
    const client = await shop.open('worker');
    await shop.untilIdle(1);
    const { end, messages, codes } = await sweep('enforce', { history });
    expect(end).not.toBeInstanceOf(Error);
    expect((end as Report).outcome).toBe('ended');
    expect(await isAlive(client)).toBe(false);
    expect(messages).toHaveLength(1);
    expect(codes.length).toBeGreaterThan(0);
  });

  test('and never answers costs its share of the time', async () => {
    await shop.open('worker');
    await shop.untilIdle(1);
    const deadline = createDeadline(12_000, Date.now);
    const start = performance.now();
    const { end, messages, codes } = await sweep('enforce', {
      history: silent,
      deadline: { ...deadline, notifyLeftMs: () => 1_500 },
    });
    expect((end as Report).outcome).toBe('ended');
    expect(messages).toHaveLength(1);
    expect(codes).toContain('publish.history');
    expect(performance.now() - start).toBeLessThan(9_000);
  });
});
