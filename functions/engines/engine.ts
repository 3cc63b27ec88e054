import type { Tls } from '../contract/target.ts';
import type { Action } from '../contract/rule.ts';
import type { Attempt } from '../core/model/attempt.ts';
import type { Session } from '../core/model/session.ts';
import type { Snapshot } from '../core/model/snapshot.ts';
import type { SweepLock } from '../core/sweep-lock.ts';

export type { Attempt } from '../core/model/attempt.ts';

/** Everything needed to log in; the only value that holds a password, and it goes nowhere but to the driver. */
export interface Login {
  readonly host: string;
  readonly port: number;
  /** Null: the engine's own default (`postgres`; none on MySQL). */
  readonly database: string | null;
  readonly user: string;
  readonly password: string;
  readonly tls: Tls;
}

/** Limits of every wait on the server, in milliseconds; each expiry is a Connect or Snapshot fault. */
export interface WaitLimits {
  /** DNS, TCP, TLS and login together. */
  readonly connectMs: number;
  /** One statement, enforced at the server and, should it fall silent, here. */
  readonly statementMs: number;
  /** How long a sweep can last: a control connection that holds the lock for twice as long is ended. As long as any can, if left out. */
  readonly sweepMs?: number;
}

/** A wish to end one session exactly as it was seen. */
export interface EndRequest {
  readonly session: Session;
  readonly action: Action;
}

/** What a snapshot holds only on request. */
export interface Asking {
  /** The ids of traces that programs write into their statements. */
  readonly traceparent: boolean;
}

/** Our one connection to a target. Every method throws Faults only. */
export interface ControlConnection {
  /** Takes the lock that keeps a second sweep of our login out of this server, and ends sweeps of ours that hang. Freed by close. */
  lock(): Promise<SweepLock>;
  /** Who holds that lock now, without taking it or ending anybody: what only looks keeps no sweep out. `isTaken` says that nobody does. */
  watchLock(): Promise<SweepLock>;
  /** All sessions and the capacity at one instant, traceparents only where they are asked for. Takes no lock that can block anyone. Never silently partial:
   *  a login that may not see others' sessions is a Snapshot fault with the missing GRANT. */
  snapshot(asking?: Asking): Promise<Snapshot>;
  /** Ends those of the batch that are still the session that was seen, in the state it was seen in, checked by the
   *  statement that ends them. One answer for each request, in order; one refused session never stops the others. */
  end(batch: readonly EndRequest[]): Promise<readonly Attempt[]>;
  /** Always safe to call, also after a failure; never throws, never waits longer than a second. */
  close(): Promise<void>;
}

/** An engine: how to reach one kind of server. */
export interface Engine {
  /** How many sessions one statement ends: whose fate is unknown when there is no answer to it. */
  readonly batchSize: number;
  /** Logs in as `unleak` with verified TLS. Aborting `signal` ends any wait, here and later, as a Deadline fault. */
  connect(login: Login, limits: WaitLimits, signal: AbortSignal): Promise<ControlConnection>;
}
