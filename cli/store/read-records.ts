import type { ObjectStore } from '../../functions/aws/ports.ts';
import { type ReadRecord, sweepRecordSchema } from '../../functions/contract/sweep-record.ts';
import { dayPrefix, instantOf } from '../../functions/core/history/layout.ts';
import { fromGzip } from '../../functions/flow/history/compress.ts';

/** A recorded sweep takes a few KiB, and some MiB where thousands are connected. */
const mostBytes = 32 * 1_024 * 1_024;
const mostUnpacked = 512 * 1_024 * 1_024;
/** A folder answers at once, a bucket after a round trip. */
const atOnce = 16;

/** A span of time, ISO 8601 in UTC, both ends included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** What was recorded in a span: the sweeps in their order, and the keys that hold something else. */
export interface ReadRecords {
  readonly records: readonly ReadRecord[];
  readonly damaged: readonly string[];
}

/** Reads the recorded sweeps of a target in a span; nothing of other targets and days is listed or read. */
export async function readRecords(
  store: ObjectStore,
  target: string,
  span: Span,
  signal: AbortSignal,
): Promise<ReadRecords> {
  const records: ReadRecord[] = [];
  const damaged: string[] = [];
  for (const date of datesOf(span)) {
    const keys = await store.list(dayPrefix(target, date), signal);
    const wanted = keys.filter((key) => isWithin(instantOf(key), span));
    for (let start = 0; start < wanted.length; start += atOnce) {
      const some = wanted.slice(start, start + atOnce);
      const read = await Promise.all(some.map((key) => readRecord(store, key, signal)));
      read.forEach((record, index) => (record ? records.push(record) : damaged.push(some[index] ?? '')));
    }
  }
  return { records, damaged };
}

async function readRecord(store: ObjectStore, key: string, signal: AbortSignal): Promise<ReadRecord | null> {
  const found = await store.get(key, mostBytes, signal);
  const parsed = sweepRecordSchema.safeParse(found?.bytes && fromGzip(found.bytes, mostUnpacked));
  return parsed.success ? parsed.data : null;
}

function isWithin(instant: string | null, { from, to }: Span): boolean {
  return instant !== null && instant >= from && instant <= to;
}

/** The days of a span, UTC. */
export function datesOf({ from, to }: Span): readonly string[] {
  const first = Date.parse(`${from.slice(0, 10)}T00:00:00Z`);
  const days = Math.floor((Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - first) / 86_400_000);
  return Array.from({ length: Math.max(0, days) + 1 }, (_each, day) =>
    new Date(first + day * 86_400_000).toISOString().slice(0, 10),
  );
}
