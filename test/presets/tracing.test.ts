import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { missingPackages, python } from '../django/packages.ts';
import { createLocalParts } from '../flow/local-parts.ts';
import { openPostgresShop, type PostgresShop, until } from '../flow/postgres-shop.ts';
import { type Program, startProgram } from './program.ts';

/* The examples in examples/tracing, on the programs themselves: the e-mail names the line that leaks. */

let shop: PostgresShop;
let program: Program | null = null;
beforeAll(async () => {
  shop = await openPostgresShop();
});
afterEach(async () => {
  await program?.stop();
  program = null;
  await until(async () => (await sessions()).length === 0);
});
afterAll(() => shop.stop());

function sessions() {
  return shop.ask("select application_name, state from pg_stat_activity where usename = 'shop'");
}

function connection(): NodeJS.ProcessEnv {
  const { password, host, port } = JSON.parse(shop.secret()) as Record<string, string>;
  const where = { PGHOST: host, PGPORT: String(port), PGDATABASE: 'postgres', PGUSER: 'shop' };
  return { ...where, PGPASSWORD: password, PGSSLMODE: 'disable', EXAMPLES: 'examples/tracing' };
}

/** The e-mail of a dry run, once the leaked sessions are old enough. */
async function emailOf(preset: object): Promise<string> {
  const event = shop.event();
  const rules = [{ name: 'leaked', state: 'idle', for: '1s', match: { user: 'shop' } }, preset] as never;
  const sweep = async () => {
    const { deps, messages } = createLocalParts(shop.secret());
    const report = await runSweep({ ...event, policy: { ...event.policy, rules } }, deps);
    return { taken: report.verdicts.terminate, email: messages.map(({ message }) => message).join(' ') };
  };
  await until(async () => (await sweep()).taken === 3);
  const { email } = await sweep();
  return (JSON.parse(email) as { email: string }).email.replace(/\s+/g, ' ');
}

describe.skipIf(missingPackages() !== null)('Django with django_line.py', () => {
  test('the e-mail names the line, and counts the program as one', async () => {
    program = await startProgram(python, ['test/presets/traced-django-program.py'], {
      ...connection(),
      ENGINE: 'django.db.backends.postgresql',
    });
    await until(async () => (await sessions()).length === 3);
    const email = await emailOf({ preset: 'django', connMaxAge: '60s', match: { application: 'none' } });
    expect(email).toMatch(/last used by line traced-django-program\.py:\d+/i);
    const [withLine = 0, without = 0] = (await program.ask('')).split(' ').map(Number);
    console.info(`Django opens a connection in ${withLine} ms with the line, ${without} ms without.`);
    expect(withLine).toBeGreaterThan(0);
  });
});

test('pg with node-postgres-line.cjs: the e-mail names the line, and pool.query works on', async () => {
  program = await startProgram(process.execPath, ['test/presets/traced-node-program.cjs'], connection());
  await until(async () => (await sessions()).length === 3);
  expect(await emailOf({ preset: 'lambda', match: { application: 'none' } })).toMatch(
    /last used by line test\/presets\/traced-node-program\.cjs:\d+/i,
  );
  expect(await program.ask('')).toBe('1');
});

describe.skipIf(missingPackages() !== null)('the checks of unleak_checks.py', () => {
  test.each<readonly [string, string, readonly string[]]>([
    [
      'WSGI with persistent connections',
      "CONN_MAX_AGE=300, OPTIONS={'application_name': 'shop-web'}",
      ['- { preset: django, connMaxAge: 300s, match: { application: shop-web } }'],
    ],
    ['kept for good', 'CONN_MAX_AGE=None', ['unleak.W003', 'unleak.W006', 'connMaxAge: none']],
    [
      'a pool without a check',
      "OPTIONS={'pool': {'min_size': 2, 'max_lifetime': 1800}}",
      ['unleak.W004', 'pool: { minSize: 2, maxLifetime: 1800s }'],
    ],
    ['a pool beside CONN_MAX_AGE', "CONN_MAX_AGE=60, OPTIONS={'pool': True}", ['unleak.W002', 'pool: {}']],
    ['ASGI', "CONN_MAX_AGE=60, asgi='shop.asgi.application'", ['unleak.W001', 'server: asgi']],
    [
      'a pool for gevent',
      "ENGINE='django_db_geventpool.backends.postgresql_psycopg2'",
      ['pool: { maxLifetime: none }'],
    ],
  ])('%s', (_title, settings, says) => {
    const { stdout, stderr } = spawnSync(python, ['-c', checkProgram(settings)], { encoding: 'utf8' });
    for (const text of says) expect(stdout + stderr).toContain(text);
  });
});

function checkProgram(settings: string): string {
  return `
import sys; sys.path.insert(0, 'examples/django-checks')
from django.conf import settings
def read(asgi=None, **database):
    settings.configure(DATABASES={'default': {'ENGINE': 'django.db.backends.postgresql', 'USER': 'shop', **database}},
        ASGI_APPLICATION=asgi, WSGI_APPLICATION=None)
read(${settings})
import unleak_checks
for message in unleak_checks.check_databases(): print(message)`;
}
