import { readFile } from 'node:fs/promises';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { UsageError } from '../usage-error.ts';
import { whyNot } from './why-not.ts';

/** The text of a file; a UsageError that says why when it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${cleanText(file)} cannot be read: ${whyNot(error)}.`);
  }
}
