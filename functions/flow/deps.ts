import type { EngineName } from '../contract/target.ts';
import type { Fault } from '../core/faults.ts';
import type { Links } from '../core/render/links.ts';
import type { Message } from '../core/render/to-message.ts';
import type { Told } from '../core/render/to-news.ts';
import type { Report } from '../core/report.ts';
import type { Engine } from '../engines/engine.ts';
import type { Deadline } from './deadline.ts';

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
  last(target: string, signal: AbortSignal): Promise<Told | null>;
  remember(target: string, news: Told, signal: AbortSignal): Promise<void>;
}

/** The log and the metrics; never throws. */
export interface Telemetry {
  /** The whole report, whatever becomes of the notice. */
  record(report: Report, durationMs: number): void;
  /** A fault with its causes. */
  fault(fault: Fault): void;
}

/** Everything a sweep needs from outside: who provides it is decided in the composition root only. */
export interface Deps {
  readonly secrets: Secrets;
  readonly notifier: Notifier;
  /** Null: no memory, so news is told whenever it is news by itself. */
  readonly history: History | null;
  readonly telemetry: Telemetry;
  readonly loadEngine: (name: EngineName) => Promise<Engine>;
  readonly deadline: Deadline;
  /** Where notices point to. */
  readonly links: Links;
  /** Epoch milliseconds: for durations and cool-downs only, never for a session's age. */
  readonly now: () => number;
  readonly sweepId: string;
}
