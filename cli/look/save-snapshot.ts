import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { writeNew } from '../files/write-new.ts';
import { toSnapshotFile } from '../../functions/core/to-snapshot-file.ts';
import { toJson } from '../terminal/to-json.ts';

/**
 * Writes a snapshot to a new file, or into a folder under the server's name and the time; gives the file's name. What ends in a slash
 * is a folder, and is made where it is missing.
 */
export async function saveSnapshot(where: string, target: string, snapshot: Snapshot): Promise<string> {
  if (where.endsWith('/')) mkdirSync(where, { recursive: true });
  const file = isFolder(where)
    ? join(where, `${target.replace(/[^\w.-]+/g, '-')}-${toFileName(snapshot.takenAt)}.json`)
    : where;
  await writeNew(file, `${toJson(toSnapshotFile(snapshot))}\n`, 'owner');
  return cleanText(file);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** `2026-01-31T07:00:00.123Z` without what file systems do not like; it still sorts by time. */
function toFileName(takenAt: string): string {
  return takenAt.replaceAll(':', '-').replace(/[^\w.-]/g, '');
}
