import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultCodes } from '../../functions/contract/fault-codes.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const headings = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text);

/** The texts below the headings of fault codes. */
const entries = new Map(
  [...runbook.matchAll(/^### ([a-z]+\.[a-z_]+)\n([^]*?)(?=\n#|$(?![^]))/gm)].map(
    ([, code = '', text = '']) => [code, text],
  ),
);

test('the runbook has a heading for every fault code, in the order of a sweep, and none for others', () => {
  expect([...entries.keys()]).toEqual(Object.keys(faultCodes));
});

test.each(Object.entries(faultCodes))('%s names the people who can fix it', (code, { actor }) => {
  const named = [...(entries.get(code) ?? '').matchAll(/\((operator|dba|aws)\b/g)].map(([, who]) => who);
  expect(named[0]).toBe(actor);
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
