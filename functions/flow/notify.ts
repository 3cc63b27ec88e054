import type { NotifySettings } from '../contract/event.ts';
import type { RecordedNotification } from '../core/history/sweep-record.ts';
import { type Fault, toFault } from '../core/model/fault.ts';
import type { NotificationState } from '../core/notify/notification-state.ts';
import { toMessage } from '../core/notify/to-message.ts';
import { planNotification } from '../core/notify/to-notification.ts';
import type { Report } from '../core/model/report.ts';
import type { Deps } from './deps.ts';

/** What was sent to subscribers, and what is to be remembered of it. */
export interface Notified {
  /** Null where there was nothing to say. */
  readonly notification: RecordedNotification | null;
  /** Null: as before. What was not accepted is not remembered, so that the next sweep says it again. */
  readonly remember: NotificationState | null;
  readonly fault: Fault | null;
}

/** Notifies subscribers if there is news, given what was sent last; `past` is null where that is unknown. */
export async function notify(
  report: Report,
  past: NotificationState | null,
  notifySettings: NotifySettings,
  { now, links, notifier, deadline }: Deps,
): Promise<Notified> {
  const at = new Date(now()).toISOString();
  const { send, remember } = planNotification(report, past, notifySettings, at);
  if (!send) return { notification: null, remember, fault: null };
  const message = toMessage(report, links, send);
  const { subject } = message;
  try {
    await notifier.publish(message, deadline.notify);
    return { notification: { subject, isSent: true }, remember, fault: null };
  } catch (error) {
    return { notification: { subject, isSent: false }, remember: null, fault: toFault(error, 'notify') };
  }
}
