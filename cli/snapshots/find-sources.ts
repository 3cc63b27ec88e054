import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { targetPrefix } from '../../functions/core/history/layout.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { whyNot } from '../files/why-not.ts';
import { openBucket, openHistory } from '../store/open-history.ts';
import type { Console } from '../terminal/console.ts';
import { UsageError } from '../usage-error.ts';
import { hasWildcard, matchFiles } from './match-files.ts';

/** A file that may hold snapshots. */
export interface Source {
  readonly file: string;
  readonly read: () => Promise<Uint8Array>;
  /** Whether somebody named it: then it must be a snapshot. */
  readonly isNamed: boolean;
}

/** Where snapshots are looked for: files, folders, patterns and `s3://…`, or a history. */
export interface SourceOptions {
  readonly snapshot?: readonly string[] | undefined;
  readonly history?: string | undefined;
  /** Which target of the history; undefined: all. */
  readonly target?: string | undefined;
}

const holdsSnapshots = /\.jsonl?(?:\.gz)?$/;
const mostBytes = 64 * 1_024 * 1_024;

/** All files that are meant; a UsageError where something that is named is not there. */
export async function findSources(options: SourceOptions, console: Console): Promise<readonly Source[]> {
  const { snapshot = [], history, target } = options;
  const sources: Source[] = [];
  for (const name of snapshot) sources.push(...(await findOne(name, console)));
  if (history !== undefined || snapshot.length === 0) {
    const store = await openHistory(history, console);
    const prefix = target === undefined ? 'sweeps/' : targetPrefix(target);
    sources.push(...(await listStore(store, prefix, '', console)));
  }
  return sources;
}

async function findOne(name: string, console: Console): Promise<readonly Source[]> {
  if (name.startsWith('s3://'))
    return listStore(await openBucket(name), '', `${name.replace(/\/$/, '')}/`, console);
  if (existsSync(name)) return statSync(name).isDirectory() ? listFolder(name) : [toSource(name, true)];
  if (!hasWildcard(name)) return [toSource(name, true)];
  const found = await matchFiles(name);
  if (found.length === 0) throw new UsageError(`No file matches ${cleanText(name)}.`);
  return found.map((file) => toSource(file, true));
}

function toSource(file: string, isNamed: boolean): Source {
  const read = async () => {
    try {
      return await readFile(file);
    } catch (error) {
      throw new UsageError(`${cleanText(file)} cannot be read: ${whyNot(error)}.`);
    }
  };
  return { file, read, isNamed };
}

async function listFolder(folder: string): Promise<readonly Source[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => holdsSnapshots.test(name)).sort();
  return files.map((name) => toSource(join(folder, name), false));
}

async function listStore(
  store: ObjectStore,
  prefix: string,
  shown: string,
  { interrupted }: Console,
): Promise<readonly Source[]> {
  const keys = await store.list(prefix, interrupted);
  return keys
    .filter((key) => holdsSnapshots.test(key))
    .map((key) => ({
      file: `${shown}${key}`,
      isNamed: false,
      read: async () => (await store.get(key, mostBytes, interrupted))?.bytes ?? new Uint8Array(),
    }));
}
