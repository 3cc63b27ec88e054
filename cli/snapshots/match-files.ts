import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Whether a name is a pattern, for shells that leave patterns alone. */
export function hasWildcard(name: string): boolean {
  return /[*?]/.test(name);
}

/** The files that a pattern names, in their order: `*` and `?` within a folder, `**` across folders. */
export async function matchFiles(pattern: string): Promise<readonly string[]> {
  const parts = pattern.split('/');
  const fixed = parts.findIndex(hasWildcard);
  const folder = parts.slice(0, fixed).join('/') || (pattern.startsWith('/') ? '/' : '.');
  const rest = toExpression(parts.slice(fixed).join('/'));
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
    return names
      .filter((name) => rest.test(name.split(sep).join('/')))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return []; // there is no such folder, and so no such file
  }
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (wildcard) => wildcards[wildcard] ?? '');
  return new RegExp(`^${source}$`);
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
