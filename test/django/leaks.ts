import { expect } from 'vitest';
import { getStatus } from './load.ts';
import type { ShopDatabase } from './shop-database.ts';
import { until } from './until.ts';

/** What the shop leaks at once, in its web part and in its worker. */
const leaks = {
  web: ['thread', 'thread', 'thread', 'thread', 'thread', 'thread', 'raw', 'raw', 'raw', 'transaction'],
  celery: ['thread', 'thread', 'thread', 'thread', 'thread', 'raw', 'raw', 'transaction'],
} as const;

/** How many sessions that makes. */
export const leakedAtOnce = leaks.web.length + leaks.celery.length;

/** What it leaks after that, one in each minute. */
export const leaksLater: readonly string[] = [
  ...['/leak/thread/', '/task/leak/thread/', '/leak/raw/', '/task/leak/raw/'],
  ...['/leak/transaction/', '/task/leak/transaction/'],
];

/** Leaks once, on the page that does. */
export async function leakOnce(origin: string, page: string): Promise<void> {
  expect(await getStatus(`${origin}${page}`)).toBe(200);
}

/** Leaks in every way; resolves when the server has all these sessions. */
export async function leakEverything(origin: string, database: ShopDatabase): Promise<void> {
  for (const way of leaks.web) await leakOnce(origin, `/leak/${way}/`);
  for (const way of leaks.celery) await leakOnce(origin, `/task/leak/${way}/`);
  await until(
    async () =>
      (await database.count('shop_web')) > leaks.web.length &&
      (await database.count('shop_celery')) >= leaks.celery.length,
    'everything is leaked',
  );
}
