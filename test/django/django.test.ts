import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findMariadb } from '../../cli/servers/mariadb.ts';
import { isPostgresAvailable } from '../../cli/servers/postgres.ts';
import type { Report } from '../../functions/core/report.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { createLocalParts } from '../flow/local-parts.ts';
import { getStatus, type Load, startLoad } from './load.ts';
import { missingPackages } from './packages.ts';
import { type ShopApp, startShopApp, webThreads } from './shop-app.ts';
import { startShopDatabase, type ShopDatabase } from './shop-database.ts';
import { connMaxAgeSeconds, toShopEvent } from './shop-event.ts';
import { until } from './until.ts';

const missing = missingPackages();
if (missing !== null) {
  console.warn(missing);
  if (process.env['UNLEAK_REQUIRE_ALL_SERVERS'] === '1') throw new Error(missing);
}

/** What the shop leaks, in its web part and in its worker. */
const leaks = {
  web: ['thread', 'thread', 'thread', 'thread', 'thread', 'thread', 'raw', 'raw', 'raw', 'transaction'],
  celery: ['thread', 'thread', 'thread', 'thread', 'thread', 'raw', 'raw', 'transaction'],
} as const;
const healthy = { web: webThreads.processes * webThreads.threads, celery: 1 };

const engines = [
  ['postgres', isPostgresAvailable(18)],
  ['mariadb', findMariadb() !== null],
] as const;

describe.skipIf(missing !== null).each(engines)('a leaking Django shop on %s', (kind, isAvailable) => {
  test.skipIf(!isAvailable)('unleak ends the leaks and fails no request', { timeout: 180_000 }, async () => {
    const { database, app, load } = await openShop(kind);
    await leakEverything(app, database);
    const { emails, reports } = await sweepUntilSettled(database);
    await readOn(load);
    await load.stop();
    tell(kind, 'unleak', load);
    expect(load.failures()).toEqual([]);
    expect(reports.flatMap(({ outcomes }) => outcomes).map(({ result }) => result)).toContain('terminated');
    const email = emails.join(' ').replace(/\s+/g, ' '); // its lines break anywhere
    if (process.env['UNLEAK_SHOW_EMAIL'] === '1') console.info(emails[0]);
    expect(email).toMatch(/Celery workers of user shop_celery[^]*leave connections open[^]*@task_postrun/);
    expect(email).toMatch(/Transactions of user shop_web[^]*left open[^]*transaction\.atomic\(\)/);
    expect(email).toMatch(/user shop_web[^]*django\.db\.connection\.close\(\) in a finally/);
  });

  test.skipIf(!isAvailable)('the one-liner fails requests', { timeout: 180_000 }, async () => {
    const { database, load } = await openShop(kind);
    await readOn(load);
    for (let shot = 0; shot < 20 && (shot < 5 || load.failures().length === 0); shot += 1) {
      await database.endEveryIdleSession();
      await readOn(load);
    }
    await load.stop();
    tell(kind, "WHERE state = 'idle'", load);
    expect(load.failures().length).toBeGreaterThan(0);
  });
});

async function openShop(kind: 'postgres' | 'mariadb') {
  const database = await startShopDatabase(kind);
  onTestFinished(() => database.stop());
  const app = await startShopApp(database, connMaxAgeSeconds);
  onTestFinished(() => app.stop());
  const load = startLoad(`${app.origin}/articles/`);
  onTestFinished(() => load.stop());
  return { database, app, load };
}

async function leakEverything({ origin }: ShopApp, database: ShopDatabase): Promise<void> {
  const pages = [
    ...leaks.web.map((way) => `/leak/${way}/`),
    ...leaks.celery.map((way) => `/task/leak/${way}/`),
  ];
  for (const page of pages) expect(await getStatus(`${origin}${page}`)).toBe(200);
  await until(
    async () =>
      (await database.count('shop_web')) > leaks.web.length &&
      (await database.count('shop_celery')) >= leaks.celery.length,
    'everything is leaked',
  );
}

/** Sweeps once a second until only as many sessions are left as a healthy shop may have. */
async function sweepUntilSettled(database: ShopDatabase) {
  const event = toShopEvent(database.kind === 'postgres' ? 'postgres' : 'mariadb');
  const emails: string[] = [];
  const reports: Report[] = [];
  await until(async () => {
    const { deps, messages } = createLocalParts(database.secret);
    const report = await runSweep(event, deps);
    reports.push(report);
    if (report.outcome !== 'quiet')
      emails.push(...messages.map(({ message }) => (JSON.parse(message) as { email: string }).email));
    await wait(500);
    return (
      (await database.count('shop_web')) <= healthy.web &&
      (await database.count('shop_celery')) <= healthy.celery
    );
  }, 'the connection count settles');
  return { emails, reports };
}

/** Until two hundred more pages were read. */
async function readOn(load: Load): Promise<void> {
  const from = load.requests();
  await until(() => Promise.resolve(load.requests() >= from + 200), 'two hundred pages are read');
}

function tell(kind: string, way: string, load: Load): void {
  console.info(`${kind}, ${way}: ${load.failures().length} of ${load.requests()} requests failed`);
}
