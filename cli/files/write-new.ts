import { randomUUID } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { UsageError } from '../usage-error.ts';
import { whyNot } from './why-not.ts';

/**
 * Writes a new file whole or not at all, for its owner only where that is asked; a UsageError rather than overwrite anything. What is
 * written stands under a name of its own in the same folder first, and gets the file's name when all of it is on the disk.
 */
export async function writeNew(file: string, text: string, access: 'everyone' | 'owner'): Promise<void> {
  const unfinished = join(dirname(file), `.${basename(file).slice(0, 200)}.${randomUUID().slice(0, 8)}`);
  try {
    await writeThrough(unfinished, text, access === 'owner' ? 0o600 : 0o666);
    await giveName(unfinished, file, text, access);
  } catch (error) {
    throw new UsageError(`${cleanText(file)} cannot be written: ${whyNot(error)}.`);
  } finally {
    await unlink(unfinished).catch(() => undefined); // not there, or nothing that can be done
  }
}

/** Down to the disk: a full one may say so only then. */
async function writeThrough(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A link, unlike a rename, never replaces a file. Where the file system has none, the room is known to be there by now. */
async function giveName(unfinished: string, file: string, text: string, access: 'everyone' | 'owner') {
  try {
    await link(unfinished, file);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    await unlink(unfinished);
    await writeThrough(file, text, access === 'owner' ? 0o600 : 0o666);
  }
}

function hasNoLinks(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code);
}
