import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for one test, with these files; gives a function from a name to its path. */
export function makeFolder(files: Readonly<Record<string, string | object>> = {}): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return (name) => join(folder, name);
}
