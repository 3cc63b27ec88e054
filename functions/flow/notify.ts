import type { NotifySettings } from '../contract/event.ts';
import { type Fault, toFault } from '../core/model/fault.ts';
import { noNews } from '../core/notify/notification-key.ts';
import { toMessage } from '../core/notify/to-message.ts';
import { planNotification } from '../core/notify/to-notification.ts';
import type { NotificationState } from '../core/notify/notification-state.ts';
import type { Report } from '../core/model/report.ts';
import type { Deps } from './deps.ts';

/** The part of the time left that the history may take to say what was last told: the notification itself needs the rest. */
const recallShare = 1 / 3;

/**
 * Notifies subscribers if there is news, and remembers what was sent or held back; returns what went wrong, the gravest
 * first. A history that cannot be read never hides news: it is sent all the same, and the history is begun anew.
 */
export async function notify(
  report: Report,
  notifySettings: NotifySettings,
  deps: Deps,
): Promise<readonly Fault[]> {
  const now = new Date(deps.now()).toISOString();
  const past = await attempt(() => recall(report.target.name, deps));
  const { send, remember } = planNotification(report, past.value, notifySettings, now);
  if (send) {
    const message = toMessage(report, deps.links, send);
    const sent = await attempt(() => deps.notifier.publish(message, deps.deadline.notify));
    if (sent.faults.length > 0) return [...sent.faults, ...past.faults];
  }
  return [...past.faults, ...(await keep(report, remember, past.faults, deps))];
}

/** A history that could not be read is written even where nothing was sent, so that a damaged one does not stay. */
async function keep(
  { target, outcome }: Report,
  remember: NotificationState | null,
  unread: readonly Fault[],
  { now, history, deadline }: Deps,
): Promise<readonly Fault[]> {
  if (remember)
    return (await attempt(() => history?.remember(target.name, remember, deadline.notify))).faults;
  if (unread.length === 0) return [];
  const anew: NotificationState = {
    notificationKey: noNews,
    notifiedAt: new Date(now()).toISOString(),
    outcome,
  };
  await attempt(() => history?.remember(target.name, anew, deadline.notify));
  return []; // why it cannot be had is known already
}

async function recall(target: string, { history, deadline }: Deps): Promise<NotificationState | null> {
  if (!history) return null;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), deadline.notifyLeftMs() * recallShare);
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
    return { value: null, faults: [toFault(error, 'notify')] };
  }
}
