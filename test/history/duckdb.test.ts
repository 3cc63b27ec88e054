import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chosenOf } from '../../functions/core/model/plan.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { emptyHistory, observe } from '../../functions/core/history/history.ts';
import { sweepKey } from '../../functions/core/history/layout.ts';
import type { Observation } from '../../functions/core/history/observation.ts';
import { toSweepRecord } from '../../functions/core/history/sweep-record.ts';
import { toReport } from '../../functions/core/to-report.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { toGzip } from '../../functions/flow/history/compress.ts';
import { buildPolicy } from '../core/build-session.ts';
import { enforcedAt, resting, sweepAt } from '../core/history/sweeps.ts';
import { openFolder } from './stores.ts';

interface DuckDb {
  readonly DuckDBInstance: { create(): Promise<{ connect(): Promise<Connection> }> };
}
interface Connection {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): readonly Record<string, unknown>[] }>;
  closeSync(): void;
}

/* Its library is large and not there for every platform. By a name that the compiler does not follow, so that types need none. */
const packageName = '@duckdb/node-api';
const duckdb = await import(packageName).then(
  (loaded) => loaded as DuckDb,
  () => null,
);
if (duckdb === null) console.warn(`Tests of SQL on the history: ${packageName} is not installed.`);

const policy = buildPolicy([{ name: 'leak', for: '10m' }]);

/** A recorded sweep of a server that holds what the observation saw. */
function toBytes(sweep: Observation, before: Observation | null): Uint8Array {
  const { sweepId, mode, outcomes } = sweep;
  const past = before ? observe(emptyHistory, before).history : emptyHistory;
  const report = toReport({
    ...{ sweepId, mode, outcomes, startedAt: toInstant(sweep.atMs), lockedOut: false },
    target: { name: 'orders', engine: 'postgres' },
    before: sweep.before,
    plan: decide(sweep.before, policy),
    ...{ after: null, fault: null },
  });
  const { settled } = observe(past, { ...sweep, chosen: chosenOf(decide(sweep.before, policy)) });
  const at = toInstant(sweep.atMs);
  return toGzip(
    JSON.stringify(toSweepRecord({ at, report, before: sweep.before, settled, notification: null })),
  );
}

test.skipIf(duckdb === null)(
  'the queries of docs/reference/history.md run on what sweeps write',
  async () => {
    const place = await openFolder();
    const never = new AbortController().signal;
    const dry = sweepAt(0, [resting('1', 20), resting('2', 20)]);
    const used = sweepAt(5, [resting('1', 1, 'u2'), resting('2', 25)]);
    const enforced = enforcedAt(10, [resting('2', 30)]);
    for (const [sweep, before] of [
      [dry, null],
      [used, dry],
      [enforced, used],
    ] as const)
      await place.store.put(
        sweepKey('orders', toInstant(sweep.atMs), sweep.sweepId),
        toBytes(sweep, before),
        null,
        never,
      );
    const page = readFileSync('docs/reference/history.md', 'utf8');
    const queries = [...page.matchAll(/```sql\n([^]*?)```/g)].map(([, sql = '']) =>
      sql.replaceAll("'sweeps/", `'${join(place.folder, 'sweeps')}/`),
    );
    const connection = await (await (duckdb as DuckDb).DuckDBInstance.create()).connect();
    const results = [];
    for (const sql of queries) results.push((await connection.runAndReadAll(sql)).getRowObjectsJson());
    connection.closeSync();
    await place.stop();
    expect(results).toHaveLength(3);
    expect(results[0]).toEqual([
      expect.objectContaining({ target: 'orders', session: '2', rule: 'leak', result: 'terminated' }),
    ]);
    expect(results[1]).toEqual([
      expect.objectContaining({ application: 'web', used_again: '1', minutes_at_most: 4 }),
    ]);
    expect(results[2]).toEqual([expect.objectContaining({ target: 'orders', date: '2026-01-01' })]);
  },
);
