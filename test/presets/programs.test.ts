import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { python } from '../django/packages.ts';
import { createLocalParts } from '../flow/local-parts.ts';
import { openPostgresShop, type PostgresShop, until } from '../flow/postgres-shop.ts';
import { type Program, startProgram } from './program.ts';

/* What the presets promise, on the programs themselves: no request fails and no process dies. */

const tools = process.env['UNLEAK_TEST_TOOLS'] ?? '/tmp/unleak-test-tools';
const pythonPath = `${tools}/usr/lib/python3/dist-packages`;
const hasPool =
  spawnSync(python, ['-c', 'import psycopg_pool'], { env: { PYTHONPATH: pythonPath }, stdio: 'ignore' })
    .status === 0;
if (!hasPool)
  console.warn(
    'Tests without psycopg_pool: unpack python3-psycopg and python3-psycopg-pool (UNLEAK_TEST_TOOLS).',
  );

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

/** The sessions of the program, those left idle for two seconds only. */
function sessions(where = 'true') {
  return shop.ask(`select pid from pg_stat_activity where usename = 'shop' and ${where}`);
}
const atRest = "state <> 'active' and state_change < clock_timestamp() - interval '2.2 s'";

function connection(): NodeJS.ProcessEnv {
  const { password, host, port } = JSON.parse(shop.secret()) as Record<string, string>;
  const where = { PGHOST: host, PGPORT: String(port), PGDATABASE: 'postgres', PGUSER: 'shop' };
  return { ...where, PGPASSWORD: password, PGSSLMODE: 'disable' };
}

async function sweep(rule: SweepEventInput['policy']['rules'][number]) {
  const event = shop.event({ mode: 'enforce' });
  const policy = { rules: [rule], caps: { perSweep: 50, share: '100%' } };
  return runSweep({ ...event, policy }, createLocalParts(shop.secret()).deps);
}

const match = { user: 'shop' };

describe('node-postgres', () => {
  const preset = { preset: 'node-postgres', idleTimeout: '1s', requestTimeout: '1s', match } as const;
  const startNode = async (env: NodeJS.ProcessEnv = {}) => {
    program = await startProgram(process.execPath, ['test/presets/node-postgres-program.cjs'], {
      ...connection(),
      ...env,
    });
    await until(async () => (await sessions(atRest)).length === 2);
    return program;
  };

  test('clients that are checked out are reported only, and the process lives', async () => {
    const { ask, exitCode } = await startNode();
    expect(await sweep(preset)).toMatchObject({
      outcome: 'reported',
      verdicts: { reported: 2, terminate: 0 },
    });
    expect(JSON.parse(await ask(''))).toMatchObject({ failed: 0 });
    expect(exitCode()).toBeNull();
    expect(await sessions(atRest)).toHaveLength(2);
  });

  test('where the program listens on each client the leak goes, and no request fails', async () => {
    const { ask } = await startNode({ LISTENS: '1' });
    const report = await sweep({ ...preset, errorListener: true });
    expect(report).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
    expect(JSON.parse(await ask(''))).toMatchObject({ failed: 0 });
    expect(await sessions(atRest)).toHaveLength(0);
  });

  test('why: to end a client that is checked out and that nothing listens on ends the process', async () => {
    const { exitCode } = await startNode();
    await sweep({ name: 'idle', state: 'idle', for: '2s', match });
    await until(() => Promise.resolve(exitCode() !== null));
    expect(exitCode()).toBe(1);
  });
});

describe.skipIf(!hasPool)('psycopg_pool, which keeps four and has lost two', () => {
  const startPool = async () => {
    program = await startProgram(python, ['test/presets/psycopg-pool-program.py'], {
      ...connection(),
      PYTHONPATH: pythonPath,
    });
    await until(async () => (await sessions(atRest)).length >= 4);
    return program;
  };

  test('the django preset with a pool ends the open transaction, reports what is idle, and no request fails', async () => {
    const { ask } = await startPool();
    const pool = { minSize: 1, maxIdle: '1s', maxLifetime: '1s' };
    const report = await sweep({ preset: 'django', pool, requestTimeout: '1s', match });
    expect(report).toMatchObject({ outcome: 'ended', results: { terminated: 1 } });
    expect(report.outcomes).toMatchObject([{ rule: 'django-transaction' }]);
    expect(report.verdicts.reported).toBeGreaterThan(0);
    expect(await ask('10')).toBe('0');
  });

  test('why: a pool without a check hands out what was ended, whatever its age', async () => {
    const { ask } = await startPool();
    await sweep({ preset: 'django', connMaxAge: '0s', requestTimeout: '1s', match });
    expect(Number(await ask('10'))).toBeGreaterThan(0);
  });
});
