import type { Fault } from '../core/model/fault.ts';
import type { Message } from '../core/notify/to-message.ts';
import type { Report } from '../core/model/report.ts';
import type { WatchState } from '../core/watch/watch-state.ts';

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

/** An object as it was read. */
export interface StoredObject {
  /** Null where it is larger than was asked for. */
  readonly bytes: Uint8Array | null;
  /** Changes with every write. */
  readonly version: string;
}

/** Stands for an object of which nobody gave a version, and for one whose version does not matter. */
export const anyVersion = '*';

/** Where the history lies: a bucket, or a folder. Every method throws Publish faults only. */
export interface ObjectStore {
  /** For people: `the bucket unleak-history`. */
  readonly where: string;
  /** Null where there is no such object. */
  get(key: string, mostBytes: number, signal: AbortSignal): Promise<StoredObject | null>;
  /** Writes the whole object or nothing. `expected` is the version that it replaces, null where there must be none. */
  put(
    key: string,
    bytes: Uint8Array,
    expected: string | null,
    signal: AbortSignal,
  ): Promise<'written' | 'conflict'>;
  /** Keeps a copy of an object under another key. */
  setAside(key: string, to: string, signal: AbortSignal): Promise<void>;
  /** The keys that begin with a prefix, which ends with a slash, in their order. */
  list(prefix: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** The log and the metrics; never throws. */
export interface Telemetry {
  /** The whole report, whatever becomes of the notice. */
  record(report: Report, durationMs: number): void;
  /** A fault with its causes, counted for its target; null where the sweep came to an end before it knew one. */
  fault(fault: Fault, target: string | null): void;
}

/** What the watch of an installation reads and keeps; a Fault where the bucket cannot be had. */
export interface WatchStore {
  /** When each target last left a trace, in epoch milliseconds. */
  swept(signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  last(signal: AbortSignal): Promise<WatchState | null>;
  remember(state: WatchState, signal: AbortSignal): Promise<void>;
}
