import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findingCodes } from '../../functions/contract/finding-codes.ts';

test('docs/findings.md has a heading for every finding code, in this order, and none for others', () => {
  const page = readFileSync('docs/findings.md', 'utf8');
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(findingCodes);
});
