import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createFolderStore } from '../../cli/store/folder-store.ts';
import { recall } from '../../functions/flow/history/recall.ts';

const program = fileURLToPath(new URL('writer-process.ts', import.meta.url));

/** What became of histories whose writers were killed in the middle of a write. */
export interface KilledWriters {
  readonly kills: number;
  /** Writes that the writers knew to be on the disk. */
  readonly written: number;
  /** Of these, those that are not in the history. */
  readonly lost: number;
  /** Reads that found something else than a history. */
  readonly damaged: number;
  /** What writers were told instead. */
  readonly faults: readonly string[];
}

/** Lets two writers write one history at once, and kills both, again and again; each round has a folder of its own. */
export async function killWriters(kills: number): Promise<KilledWriters> {
  let [written, lost, damaged] = [0, 0, 0];
  const faults: string[] = [];
  for (let round = 0; round * 2 < kills; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'unleak-killed-'));
    const writers = ['a', 'b'].map((name, index) =>
      startWriter(folder, name, 1_767_225_600_000 + index * 500),
    );
    await Promise.all(writers.map((writer) => writer.began));
    await wait(Math.random() * 150);
    const said = (await Promise.all(writers.map((writer) => writer.kill()))).flat();
    const { history, fault } = await recall(
      createFolderStore(folder),
      'orders',
      '',
      new AbortController().signal,
    );
    const there = new Set(history?.points.map(({ sweep }) => sweep));
    const known = said.filter((line) => !line.startsWith('FAULT'));
    written += known.length;
    lost += known.filter((id) => !there.has(id)).length;
    faults.push(...said.filter((line) => line.startsWith('FAULT')));
    damaged += Number(fault !== null);
    await rm(folder, { recursive: true, force: true });
  }
  return { kills, written, lost, damaged, faults };
}

function startWriter(folder: string, name: string, startMs: number) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, folder, name, String(startMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return {
    began: once(child.stdout, 'data'),
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
      return text.split('\n').slice(0, -1);
    },
  };
}
