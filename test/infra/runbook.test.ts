import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text);

/** Every fault code that stands in a source file of the functions. */
function codesInUse(): string[] {
  const files = readdirSync('functions', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const text = files.map((name) => readFileSync(join('functions', name), 'utf8')).join('\n');
  const codes = text.matchAll(
    /'((?:config|credentials|connect|snapshot|deadline|publish|invariant)\.[a-z_]+)'/g,
  );
  return [...new Set([...codes].map(([, code = '']) => code))].sort();
}

test('every fault code has a heading in the runbook, and no heading is of a code that is gone', () => {
  const codes = codesInUse();
  expect(codes.length).toBeGreaterThan(30);
  expect(headings.filter((text) => /^[a-z]+\.[a-z_]+$/.test(text)).sort()).toEqual(codes);
});

test('no two headings share an anchor', () => {
  expect(new Set(headings).size).toBe(headings.length);
});

test.each(['docs/runbook.md', 'docs/deploy.md'])(
  'every link in %s to a heading of the runbook leads to one',
  (file) => {
    const anchors = headings.map((text) =>
      text
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replace(/ /g, '-'),
    );
    const links = [...readFileSync(file, 'utf8').matchAll(/\((?:runbook\.md)?#([\w-]+)\)/g)].map(
      ([, anchor]) => anchor,
    );
    expect(links.length).toBeGreaterThan(0);
    for (const anchor of links) expect(anchors).toContain(anchor);
  },
);
