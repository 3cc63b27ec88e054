import { expect, test } from 'vitest';
import { fuzzed } from '../../bench/fuzz/properties.ts';

/* Hundreds here; `npm run bench -- --fuzz 30000` runs tens of thousands. */
test.each(Object.entries(fuzzed))('%s, whatever it is', (_what, run) => {
  expect(() => run(500)).not.toThrow();
});
