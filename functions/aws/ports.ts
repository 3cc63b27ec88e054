import type { Fault } from '../core/model/fault.ts';
import type { Message } from '../core/notify/to-message.ts';
import type { NotificationState } from '../core/notify/notification-state.ts';
import type { Report } from '../core/model/report.ts';

/** Where credentials come from: Secrets Manager, or a local stand-in for the demo and the command line. */
export interface Secrets {
  /** The secret string, fresh at every call; a Credentials fault when it cannot be had. */
  fetch(name: string, signal: AbortSignal): Promise<string>;
}

/** Where notices go: an SNS topic, or a screen. */
export interface Notifier {
  /** Hands over one message; a Publish fault when nobody took it. */
  publish(message: Message, signal: AbortSignal): Promise<void>;
}

/** What was last told of each target, so that the same news is told once. */
export interface History {
  last(target: string, signal: AbortSignal): Promise<NotificationState | null>;
  remember(target: string, news: NotificationState, signal: AbortSignal): Promise<void>;
}

/** The log and the metrics; never throws. */
export interface Telemetry {
  /** The whole report, whatever becomes of the notice. */
  record(report: Report, durationMs: number): void;
  /** A fault with its causes, counted for its target; null where the sweep came to an end before it knew one. */
  fault(fault: Fault, target: string | null): void;
}
