import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

/** The checkout, and where it keeps what was compiled of it: a folder that no commit and no deployment takes along. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
export const cacheFolder = join(root, 'node_modules/.cache/unleak');
/** Names the compiled program and the sources that it was made of. */
export const manifestFile = join(cacheFolder, 'manifest.json');
export const manifestVersion = 1;

/**
 * The compiled program, as long as every source is still the file that it was made of, by size and time; else null. What cannot be
 * read was never compiled.
 * @returns {string | null}
 */
export function findCompiledProgram() {
  try {
    const { version, program, sources } = JSON.parse(readFileSync(manifestFile, 'utf8'));
    if (version !== manifestVersion || !sources.every(isUnchanged)) return null;
    const path = join(cacheFolder, program);
    return statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}

function isUnchanged([path, size, mtimeMs]) {
  const now = statSync(join(root, path), { throwIfNoEntry: false });
  return now !== undefined && now.size === size && now.mtimeMs === mtimeMs;
}
