import { createFolderStore } from '../../cli/store/folder-store.ts';
import { type History, observe } from '../../functions/core/history/history.ts';
import { keep } from '../../functions/flow/history/keep.ts';
import { recall } from '../../functions/flow/history/recall.ts';

/* Adds sweep after sweep to a folder until it is killed, and says of each that was written that it was. */

const [, , folder = '', name = '', start = '0'] = process.argv;
const store = createFolderStore(folder);
const signal = new AbortController().signal;
const now = '2026-01-01T00:00:00.000Z';

for (let count = 0; ; count += 1) {
  const sweepId = `${name}${count}`;
  const recalled = await recall(store, 'orders', now, signal);
  const change = (history: History): History =>
    observe(history, {
      ...{ sweepId, atMs: Number(start) + count * 1_000, mode: 'dry-run', policy: '' },
      before: {
        ...{ engine: 'postgres', version: '18', takenAt: now, sessions: [], missing: [] },
        capacity: { maxConnections: 100, reserved: 3, used: 0, limits: [] },
      },
      ...{ chosen: [], outcomes: [] },
    }).history;
  const fault = await keep({ store, target: 'orders', recalled, change, now, signal });
  process.stdout.write(
    `${fault === null && recalled.fault === null ? sweepId : `FAULT ${fault?.message ?? recalled.fault?.message ?? ''}`}\n`,
  );
}
