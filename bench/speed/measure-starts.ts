import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { medianOf } from '../load/measure.ts';

/** Medians in milliseconds of wall time. */
export interface StartResult {
  readonly what: string;
  readonly ms: number;
}

const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));
// Nothing listens there: everything that a sweep loads before its first packet is loaded.
const nowhere = 'postgres://nobody:none@127.0.0.1:1/postgres?sslmode=disable';

/** How long programs take from their start to their end, by turns. */
export function measureStarts(turns: number, policyFile: string): readonly StartResult[] {
  const programs: readonly (readonly [string, readonly string[]])[] = [
    ['an empty Node.js program', ['-e', '0']],
    ['`unleak --version`', [bin, '--version']],
    ['`unleak sweep`, up to the login', [bin, 'sweep', '--policy', policyFile]],
  ];
  const times = programs.map(([what]) => ({ what, all: [] as number[] }));
  for (let turn = 0; turn <= turns; turn += 1)
    for (const [index, [, args]] of programs.entries()) {
      const start = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, UNLEAK_URL: nowhere } });
      if (turn > 0) times[index]?.all.push(performance.now() - start); // the first one compiles
    }
  return times.map(({ what, all }) => ({ what, ms: medianOf(all) }));
}
