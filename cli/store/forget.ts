import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { defaultKeepDays } from '../../functions/contract/configuration.ts';
import { targetPrefix } from '../../functions/core/history/layout.ts';
import type { ResolvedTarget } from '../target/resolved-target.ts';
import type { FolderStore } from './folder-store.ts';
import type { Console } from '../terminal/console.ts';

const dayMs = 86_400_000;

/** Removes recorded sweeps of a target that are older than unleak.yaml keeps them; a bucket does so by itself. */
export async function forget(
  store: ObjectStore | null,
  { target, keepDays = defaultKeepDays }: ResolvedTarget,
  { screen }: Console,
): Promise<void> {
  if (store === null || !isFolder(store)) return;
  try {
    const folder = join(store.folder, ...targetPrefix(target.name).split('/'));
    const oldest = `date=${new Date(Date.now() - keepDays * dayMs).toISOString().slice(0, 10)}`;
    const days = (await readdir(folder).catch(() => [])).filter((name) =>
      /^date=\d{4}-\d\d-\d\d$/.test(name),
    );
    for (const day of days.filter((name) => name < oldest)) await rm(join(folder, day), { recursive: true });
  } catch {
    screen.progress(`Old recorded sweeps in ${store.where} could not be removed.`);
  }
}

function isFolder(store: ObjectStore): store is FolderStore {
  return 'folder' in store;
}
