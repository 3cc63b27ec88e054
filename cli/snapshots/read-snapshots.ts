import { describeProblem } from '../../functions/contract/problems.ts';
import { parseSnapshotFile } from '../../functions/contract/snapshot-file.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { readText } from '../files/read-text.ts';
import { UsageError } from '../usage-error.ts';
import { toSnapshot } from './to-snapshot.ts';

/** A snapshot with the file it came from. */
export interface FiledSnapshot {
  readonly file: string;
  readonly snapshot: Snapshot;
}

const mostMistakes = 20;

/** Reads snapshot files, in the order of their times where all have one; a UsageError names path, value and expectation. */
export async function readSnapshots(files: readonly string[]): Promise<readonly FiledSnapshot[]> {
  const all: FiledSnapshot[] = [];
  for (const file of files) all.push({ file, snapshot: await readSnapshot(file) });
  const times = all.map(({ snapshot }) => Date.parse(snapshot.takenAt));
  if (times.some(Number.isNaN)) return all;
  return [...all].sort((a, b) => Date.parse(a.snapshot.takenAt) - Date.parse(b.snapshot.takenAt));
}

async function readSnapshot(file: string): Promise<Snapshot> {
  const parsed = parseSnapshotFile(toData(file, await readText(file)));
  if (parsed.ok) return toSnapshot(parsed.value);
  const lines = parsed.problems
    .slice(0, mostMistakes)
    .map((problem) => `${cleanText(file)} ${describeProblem(problem)}`);
  const more = parsed.problems.length - lines.length;
  throw new UsageError([...lines, ...(more > 0 ? [`… and ${more} more mistakes`] : [])].join('\n'));
}

function toData(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? `: ${cleanText(error.message)}` : '';
    throw new UsageError(`${cleanText(file)} is not JSON${why}.`);
  }
}
