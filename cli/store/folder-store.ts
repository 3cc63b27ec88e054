import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ObjectStore, StoredObject } from '../../functions/aws/ports.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { whyNot } from '../files/why-not.ts';
import { withLock } from './with-lock.ts';

/** A store that is a folder. */
export interface FolderStore extends ObjectStore {
  readonly folder: string;
}

/** A history in a folder, in the layout of the bucket, for its owner only. What a killed process leaves unfinished is no object. */
export function createFolderStore(folder: string): FolderStore {
  const pathOf = (key: string) => join(folder, ...key.split('/'));
  const where = `the folder ${cleanText(folder)}`;
  return {
    folder,
    where,
    get: (key, mostBytes) => told('read', where, () => read(pathOf(key), mostBytes)),
    put: (key, bytes, expected, signal) =>
      told('written', where, () => write(pathOf(key), bytes, expected, signal)),
    setAside: (key, to) => told('written', where, () => copy(pathOf(key), pathOf(to))),
    list: (prefix) => told('read', where, () => list(folder, prefix)),
  };
}

async function read(path: string, mostBytes: number): Promise<StoredObject | null> {
  try {
    const { size } = await stat(path);
    const bytes = await readFile(path);
    return { bytes: size > mostBytes ? null : bytes, version: versionOf(bytes) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function write(path: string, bytes: Uint8Array, expected: string | null, signal: AbortSignal) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return withLock(path, signal, async (): Promise<'written' | 'conflict'> => {
    const there = await read(path, Infinity);
    if ((there?.version ?? null) !== expected) return 'conflict';
    await replace(path, bytes);
    return 'written';
  });
}

/** Under a name of its own first, and whole on the disk, before it gets the name that readers know. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await unlink(unfinished).catch(() => undefined); // not there, or nothing that can be done
    throw error;
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to);
}

async function list(folder: string, prefix: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(folder, ...prefix.split('/')), {
      recursive: true,
      withFileTypes: true,
    });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
    const keys = files.map(({ parentPath, name }) => join(parentPath, name).slice(join(folder).length));
    return keys.map((key) => key.replaceAll('\\', '/').replace(/^\//, '')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function told<T>(what: 'read' | 'written', where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const message = `The history in ${where} could not be ${what}: ${whyNot(error)}. The same news may be sent twice.`;
    throw new Fault({ code: 'publish.history', step: 'record', message, cause: error });
  }
}
