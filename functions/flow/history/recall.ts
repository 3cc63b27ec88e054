import type { ObjectStore } from '../../aws/ports.ts';
import { historyFileSchema, notificationStateSchema } from '../../contract/history-file.ts';
import { emptyHistory, type History } from '../../core/history/history.ts';
import { mostHistoryBytes } from '../../core/history/fit-history.ts';
import { oldStateKey, setAsideKey, stateKey } from '../../core/history/layout.ts';
import { toHistory } from '../../core/history/to-history.ts';
import { Fault, toFault } from '../../core/model/fault.ts';
import { fromGzip } from './compress.ts';

/** What is known of a target before a sweep. */
export interface Recalled {
  /** Null where it could not be read, so that nobody knows what it holds. */
  readonly history: History | null;
  /** The version that a write replaces; null: there was none. */
  readonly version: string | null;
  readonly fault: Fault | null;
}

const nothing: Recalled = { history: emptyHistory, version: null, fault: null };

/** Reads a target's history; never throws. What unleak did not write is set aside, reported and begun anew. */
export async function recall(
  store: ObjectStore,
  target: string,
  now: string,
  signal: AbortSignal,
): Promise<Recalled> {
  try {
    const key = stateKey(target);
    const found = await store.get(key, mostHistoryBytes, signal);
    if (found === null) return await recallOld(store, target, signal);
    const history = found.bytes && parse(found.bytes);
    if (history) return { history, version: found.version, fault: null };
    const aside = setAsideKey(target, now);
    await store.setAside(key, aside, signal);
    return { history: emptyHistory, version: found.version, fault: foreign(store, key, aside) };
  } catch (error) {
    return { history: null, version: null, fault: toFault(error, 'record') };
  }
}

/** What is remembered of a target, for whoever only reads; null where there is nothing that this release can read. Throws what the store throws. */
export async function peek(store: ObjectStore, target: string, signal: AbortSignal): Promise<History | null> {
  const found = await store.get(stateKey(target), mostHistoryBytes, signal);
  return found?.bytes ? parse(found.bytes) : null;
}

function parse(bytes: Uint8Array): History | null {
  const file = historyFileSchema.safeParse(fromGzip(bytes, mostHistoryBytes * 4));
  return file.success ? toHistory(file.data) : null;
}

/** Releases before the history kept the last notification, and nothing else. */
async function recallOld(store: ObjectStore, target: string, signal: AbortSignal): Promise<Recalled> {
  const key = oldStateKey(target);
  const found = await store.get(key, mostHistoryBytes, signal);
  if (found === null) return nothing;
  const notification = found.bytes === null ? null : parseOld(found.bytes);
  if (notification === null) return { ...nothing, fault: foreign(store, key, null) };
  return { ...nothing, history: { ...emptyHistory, notification } };
}

function parseOld(bytes: Uint8Array) {
  try {
    return notificationStateSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null; // reported by the caller
  }
}

function foreign({ where }: ObjectStore, key: string, aside: string | null): Fault {
  const kept = aside === null ? 'It is left as it is' : `It is kept as ${aside}`;
  return new Fault({
    code: 'publish.history',
    step: 'record',
    message: `In ${where}, ${key} holds something else than this release wrote. ${kept}, and a new history begins. The same news may be sent twice.`,
  });
}
