import { expect, test } from 'vitest';
import pack from '../../package.json' with { type: 'json' };
import { release } from '../../functions/contract/release.ts';

test('reports name the version of the package', () => {
  expect(release).toBe(pack.version);
});
