import { describeProblem } from '../contract/problems.ts';
import { parseWatched } from '../contract/watch.ts';
import { Fault, toFault } from '../core/model/fault.ts';
import { toWatchMessage } from '../core/watch/to-watch-message.ts';
import { watch, type Watch } from '../core/watch/watch.ts';
import type { Deps } from './deps.ts';
import type { WatchStore } from '../aws/ports.ts';

/** What a run of the watch needs. */
export type WatchDeps = Pick<Deps, 'notifier' | 'telemetry' | 'links' | 'deadline' | 'now'> & {
  readonly store: WatchStore;
};

/**
 * One look at all targets: list when each was last swept, find those whose sweeps are missing, notify, remember. What is told is
 * remembered after it was sent, so that a notification that failed is sent by the next run.
 */
export async function runWatch(installed: unknown, deps: WatchDeps): Promise<Watch> {
  const { store, notifier, deadline, links } = deps;
  try {
    const parsed = parseWatched(installed);
    if (!parsed.ok) throw incomplete(parsed.problems.map(describeProblem));
    const [swept, before] = await Promise.all([store.swept(deadline.work), store.last(deadline.work)]);
    const found = watch(parsed.value, swept, before, deps.now());
    const message = toWatchMessage(found, links);
    if (message) await notifier.publish(message, deadline.notify);
    await store.remember(found.state, deadline.notify);
    return found;
  } catch (error) {
    const fault = toFault(error, 'notify');
    deps.telemetry.fault(fault, null);
    throw fault;
  }
}

function incomplete(problems: readonly string[]): Fault {
  const message = `The watch was installed without its targets. ${problems.join('; ')}.`;
  return new Fault({ code: 'config.environment', step: 'parse', message });
}
