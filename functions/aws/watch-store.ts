import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { historyPrefix, targetOfHistoryKey, watchKey } from '../contract/history-keys.ts';
import type { WatchState } from '../core/watch/watch-state.ts';
import { anyVersion, type ObjectStore, type WatchStore } from './ports.ts';

/** The state of 400 targets takes a few KiB; a larger object is not the watch's own, and is not read. */
const mostBytes = 256 * 1_024;

/** Says when each object under a prefix was last written, in epoch milliseconds. */
type Ages = (under: string, signal: AbortSignal) => Promise<ReadonlyMap<string, number>>;

const time = z.number().min(0);
const schema = z.object({
  ranAtMs: time,
  isStopped: z.boolean(),
  known: z.array(z.string()),
  since: z.record(z.string(), time),
  notified: z.record(z.string(), z.object({ atMs: time, isOver: z.boolean() })),
}) satisfies z.ZodType<WatchState>;

/** When each target last left a trace, by the age of its history; and what the watch remembers. */
export function createWatchStore(store: ObjectStore, ages: Ages): WatchStore {
  return {
    swept: async (signal) => toSwept(await ages(historyPrefix, signal)),
    last: async (signal) => toState((await store.get(watchKey, mostBytes, signal))?.bytes ?? null),
    remember: async (state, signal) => {
      await store.put(watchKey, gzipSync(JSON.stringify(state)), anyVersion, signal);
    },
  };
}

function toSwept(ages: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const swept = new Map<string, number>();
  for (const [key, atMs] of ages) {
    const target = targetOfHistoryKey(key);
    if (target !== null) swept.set(target, atMs);
  }
  return swept;
}

/** Null where there is none, or something else than the watch wrote: it then begins anew. */
function toState(bytes: Uint8Array | null): WatchState | null {
  if (bytes === null) return null;
  try {
    return schema.parse(JSON.parse(gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8')));
  } catch {
    return null; // damaged, or of another release
  }
}
