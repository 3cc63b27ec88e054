import { gunzipSync } from 'node:zlib';
import { describeProblem } from '../../functions/contract/problems.ts';
import { parseSnapshotFile, snapshotFileSchemaName } from '../../functions/contract/snapshot-file.ts';
import { sweepRecordSchemaName } from '../../functions/contract/sweep-record.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { UsageError } from '../usage-error.ts';
import type { Source } from './find-sources.ts';
import { toSnapshot } from './to-snapshot.ts';

/** A snapshot with the file it came from. */
export interface FiledSnapshot {
  readonly file: string;
  readonly snapshot: Snapshot;
}

const mostMistakes = 20;
const mostBytes = 512 * 1_024 * 1_024;

/** Reads snapshots, in the order of their times where all have one; a UsageError names path, value and expectation. */
export async function readSnapshots(sources: readonly Source[]): Promise<readonly FiledSnapshot[]> {
  const all: FiledSnapshot[] = [];
  for (const source of sources) all.push(...(await readSource(source)));
  if (all.length === 0) throw new UsageError('There is no snapshot in what was named.');
  const times = all.map(({ snapshot }) => Date.parse(snapshot.takenAt));
  if (times.some(Number.isNaN)) return all;
  return [...all].sort((a, b) => Date.parse(a.snapshot.takenAt) - Date.parse(b.snapshot.takenAt));
}

async function readSource({ file, read, isNamed }: Source): Promise<readonly FiledSnapshot[]> {
  const text = unpack(file, await read());
  const all = toData(file, text).map((data) =>
    schemaOf(data) === sweepRecordSchemaName ? snapshotOf(data) : data,
  );
  // In a folder lies what it may; what somebody names must be a snapshot.
  const wanted = isNamed ? all : all.filter((data) => schemaOf(data) === snapshotFileSchemaName);
  return wanted
    .filter((data) => data !== null)
    .map((data) => ({ file, snapshot: toKnownSnapshot(file, data) }));
}

function toKnownSnapshot(file: string, data: unknown): Snapshot {
  const parsed = parseSnapshotFile(data);
  if (parsed.ok) return toSnapshot(parsed.value);
  const lines = parsed.problems
    .slice(0, mostMistakes)
    .map((problem) => `${cleanText(file)} ${describeProblem(problem)}`);
  const more = parsed.problems.length - lines.length;
  throw new UsageError([...lines, ...(more > 0 ? [`… and ${more} more mistakes`] : [])].join('\n'));
}

function unpack(file: string, bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes).toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8');
  } catch {
    throw new UsageError(`${cleanText(file)} is not whole: it cannot be unpacked.`);
  }
}

/** One value, or JSON lines. */
function toData(file: string, text: string): readonly unknown[] {
  try {
    return [JSON.parse(text) as unknown];
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const values = lines.length > 1 ? lines.map(toValue) : [undefined];
    if (!values.includes(undefined)) return values;
    const why = error instanceof Error ? `: ${cleanText(error.message)}` : '';
    throw new UsageError(`${cleanText(file)} is not JSON${why}.`);
  }
}

function toValue(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined; // the caller says what is wrong
  }
}

function schemaOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'schema' in data ? data.schema : undefined;
}

/** Null where a sweep did not see the server. */
function snapshotOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'snapshot' in data ? data.snapshot : null;
}
