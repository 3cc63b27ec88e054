import { defineConfig } from 'vitest/config';

/** Tests that need no server: what `npm run check` runs. */
const unit = ['test/core/**', 'test/contract/**', 'test/infra/**', 'test/docs/**', 'test/*.test.ts'];
/** The function's bundle is tested against real servers, so it belongs to the other half. */
const bundle = 'test/infra/bundle.test.ts';

export default defineConfig({
  test: {
    // Two cores: more workers only make servers and tests wait for each other.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // `npm run test:coverage`: what decides, and what is read from outside, is tested without a server.
    coverage: {
      include: ['functions/core/**', 'functions/contract/**'],
      reporter: ['text-summary'],
      thresholds: { lines: 90, branches: 85 },
    },
    projects: [
      { extends: true, test: { name: 'unit', include: unit.map(toTests), exclude: [bundle] } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...unit.filter((glob) => glob !== 'test/infra/**').map(toTests),
            'test/infra/!(bundle).test.ts',
          ],
          globalSetup: ['test/servers/global-setup.ts'],
        },
      },
    ],
  },
});

function toTests(glob: string): string {
  return glob.endsWith('.test.ts') ? glob : `${glob}/*.test.ts`;
}
