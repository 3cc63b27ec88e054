import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('docs/findings.md has a heading for every finding, and none for others', () => {
  const folder = 'functions/core/findings';
  const sources = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
  const codes = sources.flatMap((source) =>
    [...source.matchAll(/code: '([a-z-]+)'/g)].map(([, code]) => code),
  );
  const page = readFileSync('docs/findings.md', 'utf8');
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect([...new Set(codes)].sort()).toEqual([...headings].sort());
});
