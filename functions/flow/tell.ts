import type { Telling } from '../contract/event.ts';
import { type Fault, toFault } from '../core/faults.ts';
import { toMessage } from '../core/render/to-message.ts';
import { newsKeyOf, type Told, shouldTell } from '../core/render/to-news.ts';
import type { Report } from '../core/report.ts';
import type { Deps } from './deps.ts';

/** The part of the time left that the history may take to say what was last told: the notice itself needs the rest. */
const recallShare = 1 / 3;

/**
 * Tells subscribers if there is news, and remembers what was told; returns what went wrong, the gravest first. A history
 * that cannot be read never hides news: it is told all the same.
 */
export async function tell(report: Report, telling: Telling, deps: Deps): Promise<readonly Fault[]> {
  const now = new Date(deps.now()).toISOString();
  const past = await attempt(() => recall(report.target.name, deps));
  const verdict = shouldTell(report, past.value, telling, now);
  if (verdict === 'keep-quiet') return past.faults;
  const recoveredFrom = verdict === 'tell-recovery' ? past.value : null;
  const signal = deps.deadline.tell;
  const sent = await attempt(() =>
    deps.notifier.publish(toMessage(report, deps.links, recoveredFrom), signal),
  );
  if (sent.faults.length > 0) return [...sent.faults, ...past.faults];
  const news: Told = { newsKey: newsKeyOf(report), toldAt: now, outcome: report.outcome };
  const kept = await attempt(() => deps.history?.remember(report.target.name, news, signal));
  return [...past.faults, ...kept.faults];
}

async function recall(target: string, { history, deadline }: Deps): Promise<Told | null> {
  if (!history) return null;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), deadline.tellLeftMs() * recallShare);
  try {
    return await history.last(target, patience.signal);
  } finally {
    clearTimeout(timer);
  }
}

interface Attempted<T> {
  readonly value: T | null;
  readonly faults: readonly Fault[];
}

async function attempt<T>(work: () => Promise<T> | undefined): Promise<Attempted<T>> {
  try {
    return { value: (await work()) ?? null, faults: [] };
  } catch (error) {
    return { value: null, faults: [toFault(error, 'tell')] };
  }
}
