import { writeFile } from 'node:fs/promises';
import { cleanText } from '../../functions/core/clean-text.ts';
import { UsageError } from '../usage-error.ts';
import { whyNot } from './why-not.ts';

/** Writes a new file, for its owner only where that is asked; a UsageError rather than overwrite anything. */
export async function writeNew(file: string, text: string, access: 'everyone' | 'owner'): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: access === 'owner' ? 0o600 : 0o666 });
  } catch (error) {
    throw new UsageError(`${cleanText(file)} cannot be written: ${whyNot(error)}.`);
  }
}
