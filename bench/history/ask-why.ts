import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from '../../cli/store/folder-store.ts';
import { readRecords } from '../../cli/store/read-records.ts';
import { explainEnds } from '../../functions/core/history/explain-end.ts';
import { sweepKey } from '../../functions/core/history/layout.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { toGzip } from '../../functions/flow/history/compress.ts';

/** How large the generated folder is. */
export interface Estate {
  readonly days: number;
  readonly targets: number;
  readonly ends: number;
  /** How many of the ends are asked for. */
  readonly asked: number;
}

const startMs = Date.UTC(2026, 0, 1);
const sweepMs = 5 * 60_000;

/** Asks for ends of one target in a folder of many, each by its number and time; times in milliseconds. */
export async function askWhy({ days, targets, ends, asked }: Estate) {
  const folder = await mkdtemp(join(tmpdir(), 'unleak-why-'));
  const sweeps = (days * 86_400_000) / sweepMs;
  try {
    const quiet = join(folder, 'quiet');
    await writeFile(quiet, toRecord(0, []));
    for (let target = 1; target < targets; target += 1)
      await fill(folder, `target-${target}`, sweeps, 12, (path) => link(quiet, path));
    await fill(folder, 'asked', sweeps, 1, (path, sweep) =>
      writeFile(path, toRecord(sweep, endsOf(sweep, sweeps, ends))),
    );
    const store = createFolderStore(folder);
    const took: number[] = [];
    let found = 0;
    for (let index = 0; index < asked; index += 1) {
      const end = Math.floor((index * ends) / asked);
      const atMs = startMs + Math.floor((end * sweeps) / ends) * sweepMs;
      const began = performance.now();
      // A whole day, as without --at.
      const span = { from: toInstant(atMs - 12 * 3_600_000), to: toInstant(atMs + 12 * 3_600_000) };
      const { records } = await readRecords(store, 'asked', span, new AbortController().signal);
      const { ended } = explainEnds(records, { id: String(end + 1), user: null, application: null });
      took.push(performance.now() - began);
      found += ended.length;
    }
    return {
      asked,
      found,
      medianMs: took.toSorted((a, b) => a - b)[Math.floor(asked / 2)],
      longestMs: Math.max(...took),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(
  folder: string,
  target: string,
  sweeps: number,
  step: number,
  write: (path: string, sweep: number) => Promise<void>,
): Promise<void> {
  let made = '';
  for (let sweep = 0; sweep < sweeps; sweep += step) {
    const path = join(folder, sweepKey(target, toInstant(startMs + sweep * sweepMs), `s${sweep}`));
    const day = join(path, '..');
    if (day !== made) await mkdir(day, { recursive: true });
    made = day;
    await write(path, sweep);
  }
}

/** The numbers of the sessions that a sweep ended. */
function endsOf(sweep: number, sweeps: number, ends: number): readonly string[] {
  const from = Math.ceil((sweep * ends) / sweeps);
  const until = Math.ceil(((sweep + 1) * ends) / sweeps);
  return Array.from({ length: Math.max(0, until - from) }, (_each, index) => String(from + index + 1));
}

/** A recorded sweep of a server with two hundred sessions. */
function toRecord(sweep: number, ended: readonly string[]): Uint8Array {
  const sessionOf = (id: string) => ({
    ...{ id, user: 'shop', application: 'shop-web', client: '10.0.0.7', database: 'orders' },
    ...{
      state: 'idle',
      stateMs: 3_600_000,
      openMs: null,
      transactionMs: 0,
      statement: 'SELECT ?',
      blocks: [],
    },
  });
  const sessions = Array.from({ length: 200 }, (_each, index) => sessionOf(String(1e6 + index)));
  return toGzip(
    JSON.stringify({
      ...{ schema: 'unleak.sweep/1', at: toInstant(startMs + sweep * sweepMs), sweepId: `s${sweep}` },
      ...{ notification: null, fates: [], mode: 'enforce', outcome: 'ended' },
      report: {
        ...{ mode: 'enforce', outcome: 'ended', at: toInstant(startMs), fault: null },
        target: { name: 'asked', engine: 'postgres', version: '18.4' },
        decisions: ended.map((id) => ({
          session: sessionOf(id),
          verdict: 'terminate',
          rule: 'leak',
          protection: null,
          reason: 'idle',
        })),
        outcomes: ended.map((id) => ({ id, rule: 'leak', result: 'terminated', code: null })),
      },
      snapshot: { schema: 'unleak.snapshot/1', engine: 'postgres', sessions },
    }),
  );
}
