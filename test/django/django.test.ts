import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ServerKind } from '../../servers/local-server.ts';
import { findMariadb } from '../../servers/mariadb.ts';
import { findMysql } from '../../servers/mysql.ts';
import { isPostgresAvailable } from '../../servers/postgres.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { createLocalParts } from '../flow/local-parts.ts';
import { leakedAtOnce, leakEverything, leakOnce, leaksLater } from './leaks.ts';
import { type Load, startLoad } from './load.ts';
import { missingPackages } from './packages.ts';
import { startShopApp, webThreads } from './shop-app.ts';
import { type ShopDatabase, startShopDatabase } from './shop-database.ts';
import { connMaxAgeSeconds, toShopEvent } from './shop-event.ts';
import { until } from './until.ts';

const missing = missingPackages();
if (missing !== null) {
  console.warn(missing);
  if (process.env['UNLEAK_REQUIRE_ALL_SERVERS'] === '1') throw new Error(missing);
}

const engines: readonly (readonly [ServerKind, boolean])[] = [
  ['postgres', isPostgresAvailable(18)],
  ['mysql', findMysql() !== null],
  ['mariadb', findMariadb() !== null],
];
const healthy = { web: webThreads.processes * webThreads.threads, celery: 1 };

/* Life runs a hundred times as fast here: CONN_MAX_AGE is 3s and not 300s, so cron's minute is 600ms. The readers read
   about so many pages in that time; counted in pages, a slow machine runs the same test. */
const pagesInAMinute = 60;
const minutes = 40;

describe.skipIf(missing !== null).each(engines)('a leaking Django shop on %s', (kind, isAvailable) => {
  const figures: string[] = [];
  const note = (way: string, load: Load) =>
    figures.push(`${way} failed ${load.failures().length} of ${load.requests()} requests`);
  afterAll(() => {
    if (figures.length > 0) console.info(`${kind}: ${figures.join('; ')}`);
  });

  test.skipIf(!isAvailable)('unleak ends the leaks and fails no request', { timeout: 180_000 }, async () => {
    const shop = await openShop(kind);
    await tryUntilAllAreLeaked(shop);
    const { emails, reports } = await sweepUntilSettled(shop);
    await shop.load.stop();
    note('unleak', shop.load);
    tellWhereEmailsAre(kind, emails);
    expect(shop.load.failures()).toEqual([]);
    expect(reports.flatMap(({ outcomes }) => outcomes).map(({ result }) => result)).toContain('terminated');
    const email = emails.join(' ').replace(/\s+/g, ' '); // its lines break anywhere
    expect(email).toMatch(/Celery workers of user shop_celery[^]*leave connections open[^]*@task_postrun/);
    expect(email).toMatch(/Transactions of user shop_web[^]*left open[^]*transaction\.atomic\(\)/);
    expect(email).toMatch(/user shop_web[^]*django\.db\.connection\.close\(\) in a finally/);
  });

  test.skipIf(!isAvailable)('the one-liner fails requests', { timeout: 180_000 }, async () => {
    const shop = await openShop(kind);
    for (let minute = 0; minute < minutes; minute += 1) {
      await shop.database.endEveryIdleSession();
      await liveAMinute(shop, minute);
    }
    await shop.load.stop();
    note("WHERE state = 'idle'", shop.load);
    expect(shop.load.failures().length).toBeGreaterThan(100);
  });
});

/** Some hundred lines, so they go into a file that stays; UNLEAK_SHOW_EMAIL=1 prints them too. */
function tellWhereEmailsAre(kind: ServerKind, emails: readonly string[]): void {
  // In the clone itself, so that nothing stays behind outside of it.
  const folder = join('node_modules', '.cache', 'unleak-emails');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${kind}.txt`);
  writeFileSync(file, emails.join('\n\n'));
  console.info(`${kind}: the e-mails that unleak sent are in ${file}`);
  if (process.env['UNLEAK_SHOW_EMAIL'] === '1') console.info(emails.join('\n'));
}

interface Shop {
  readonly kind: ServerKind;
  readonly database: ShopDatabase;
  readonly origin: string;
  readonly load: Load;
}

/** A shop under load that has leaked in every way, on a server of its own. */
async function openShop(kind: ServerKind): Promise<Shop> {
  const database = await startShopDatabase(kind);
  onTestFinished(() => database.stop());
  const app = await startShopApp(database, connMaxAgeSeconds);
  onTestFinished(() => app.stop());
  const load = startLoad(`${app.origin}/articles/`);
  onTestFinished(() => load.stop());
  await leakEverything(app.origin, database);
  return { kind, database, origin: app.origin, load };
}

/** Reads pages for as long as there are between two runs of cron, while the shop goes on leaking for a while. */
async function liveAMinute({ origin, load }: Shop, minute: number): Promise<void> {
  const leak = leaksLater[minute];
  if (leak !== undefined) await leakOnce(origin, leak);
  const from = load.requests();
  await until(() => Promise.resolve(load.requests() >= from + pagesInAMinute), 'a minute of pages is read');
}

/** Dry runs until one would end all that leaked at once, so that one e-mail tells of it however slow the machine is. */
async function tryUntilAllAreLeaked({ kind, database }: Shop): Promise<void> {
  const event = toShopEvent(kind, 'dry-run');
  await until(async () => {
    const { verdicts } = await runSweep(event, createLocalParts(database.secret).deps);
    return verdicts.terminate + verdicts.capped >= leakedAtOnce;
  }, 'a dry run chooses all that leaked');
}

/** Sweeps once a minute, at least for as many minutes as the one-liner runs and until only a healthy shop's sessions are left. */
async function sweepUntilSettled(shop: Shop) {
  const event = toShopEvent(shop.kind, 'enforce');
  const emails: string[] = [];
  const reports: Report[] = [];
  const sweep = async () => {
    const { deps, messages } = createLocalParts(shop.database.secret);
    const report = await runSweep(event, deps);
    if (report.outcome !== 'quiet')
      emails.push(...messages.map(({ message }) => (JSON.parse(message) as { email: string }).email));
    await liveAMinute(shop, reports.push(report) - 1);
    return reports.length >= minutes && (await isSettled(shop.database));
  };
  await until(sweep, 'the connection count settles', 120);
  return { emails, reports };
}

async function isSettled(database: ShopDatabase): Promise<boolean> {
  return (
    (await database.count('shop_web')) <= healthy.web &&
    (await database.count('shop_celery')) <= healthy.celery
  );
}
