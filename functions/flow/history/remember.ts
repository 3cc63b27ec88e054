import type { ObjectStore } from '../../aws/ports.ts';
import type { Deps } from '../deps.ts';
import { type Observed, emptyHistory, observe, type History } from '../../core/history/history.ts';
import { followGrowth } from '../../core/history/growth/follow-growth.ts';
import { sweepKey } from '../../core/history/layout.ts';
import type { Observation } from '../../core/history/observation.ts';
import { shouldRecord } from '../../core/history/should-record.ts';
import { toSweepRecord } from '../../core/history/sweep-record.ts';
import { type Fault, toFault } from '../../core/model/fault.ts';
import type { Report } from '../../core/model/report.ts';
import { toInstant } from '../../core/text/instants.ts';
import type { Notified } from '../notify.ts';
import { toGzip } from './compress.ts';
import { keep } from './keep.ts';
import type { Recalled } from './recall.ts';
import { withinPatience } from './within-patience.ts';

/** What a sweep leaves behind. */
export interface Memory {
  readonly report: Report;
  /** Null where the server was not seen. */
  readonly observation: Observation | null;
  readonly observed: Observed | null;
  readonly recalled: Recalled;
  readonly notified: Notified;
}

/** Writes the history, and the whole sweep where it has something to say; returns what went wrong, and never throws. */
export async function remember(memory: Memory, deps: Deps): Promise<readonly Fault[]> {
  const { history: store } = deps;
  if (store === null) return [];
  const signal = patienceOf(deps);
  const { recalled, report, observation, notified } = memory;
  const { notification, remember: notificationState } = notified;
  const nowMs = observation?.atMs ?? deps.now();
  const isRecorded = shouldRecord({ ...memory, isNotified: notification !== null, nowMs });
  const change = (history: History): History => ({
    ...(observation ? followGrowth(observe(history, observation).history) : history),
    ...(notificationState && { notification: notificationState }),
    ...(isRecorded && observation && { recordedAtMs: nowMs }),
  });
  const now = toInstant(nowMs);
  const hasChanged = observation !== null || notificationState !== null || recalled.fault !== null;
  const target = report.target.name;
  const within = (work: Promise<Fault | null>) =>
    withinPatience(work, store.where, signal).catch((error: unknown) => toFault(error, 'record'));
  const written = await Promise.all([
    isRecorded ? within(record(memory, now, store, signal)) : null,
    hasChanged ? within(keep({ store, target, recalled, change, now, signal })) : null,
  ]);
  return written.filter((fault) => fault !== null);
}

/** What comes after the notification may take half of the time that is left. */
function patienceOf({ deadline }: Deps): AbortSignal {
  const leftMs = Math.max(1, Math.floor(deadline.notifyLeftMs() / 2));
  return AbortSignal.any([deadline.notify, AbortSignal.timeout(leftMs)]);
}

async function record(
  memory: Memory,
  at: string,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<Fault | null> {
  const { report, observation, observed, notified } = memory;
  try {
    const settled = observed?.settled ?? [];
    const swept = toSweepRecord({
      at,
      report,
      before: observation?.before ?? null,
      settled,
      notification: notified.notification,
    });
    const key = sweepKey(report.target.name, at, report.sweepId);
    // Written twice is written once: the key is the sweep's own.
    await store.put(key, toGzip(JSON.stringify(swept)), null, signal);
    return null;
  } catch (error) {
    return toFault(error, 'record');
  }
}

/** What a sweep adds to what is known; null where the server was not seen. A defect in here must not hide what was done. */
export function observeSweep(
  recalled: Recalled | null,
  observation: Observation | null,
): { readonly observed: Observed | null; readonly fault: Fault | null } {
  if (recalled === null || observation === null) return { observed: null, fault: null };
  try {
    const observed = observe(recalled.history ?? emptyHistory, observation);
    return { observed: { ...observed, history: followGrowth(observed.history) }, fault: null };
  } catch (error) {
    return { observed: null, fault: toFault(error, 'record') };
  }
}
