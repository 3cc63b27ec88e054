import type { ObjectStore } from '../../functions/aws/ports.ts';
import type { History } from '../../functions/core/history/history.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { peek } from '../../functions/flow/history/recall.ts';
import { UsageError } from '../usage-error.ts';

/** The history of a target; a UsageError that names those there are where there is none of it. */
export async function readHistory(store: ObjectStore, target: string, signal: AbortSignal): Promise<History> {
  const history = await peek(store, target, signal);
  if (history !== null) return history;
  const names = await listTargets(store, signal);
  const there = names.length === 0 ? 'no target yet' : names.map((name) => cleanText(name)).join(', ');
  throw new UsageError(`${store.where} remembers nothing of ${cleanText(target)}; it has: ${there}.`);
}

/** The targets of which something is remembered, by name. */
export async function listTargets(store: ObjectStore, signal: AbortSignal): Promise<readonly string[]> {
  const keys = await store.list('state/', signal);
  const names = keys.flatMap((key) => /^state\/target=([^/]+)\/history\.json\.gz$/.exec(key)?.[1] ?? []);
  return names.map(decodeName);
}

/** The target that is asked about: the one named, or the only one there is. */
export async function chooseHistoryTarget(
  store: ObjectStore,
  name: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (name !== undefined) return name;
  const names = await listTargets(store, signal);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  const there = names.length === 0 ? 'none yet' : names.map((each) => cleanText(each)).join(', ');
  throw new UsageError(`Which target? ${store.where} has: ${there}.`);
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // nothing that unleak wrote
  }
}
