import type { Session } from '../model/session.ts';
import type { DetachedTransaction } from '../model/snapshot.ts';

/** What keeps a queue waiting and waits for nobody itself; `awaited` is what of a session the others wait for. */
export type Root =
  | { readonly kind: 'session'; readonly session: Session; readonly awaited: 'lock' | 'snapshot' }
  /** A prepared transaction or an XA branch, which no session holds. */
  | { readonly kind: 'detached'; readonly transaction: DetachedTransaction }
  /** A session by its number that the snapshot does not show. */
  | { readonly kind: 'absent'; readonly id: string };

/** Someone in a queue. */
export interface Waiter {
  readonly id: string;
  /** Null where the snapshot does not show it. */
  readonly session: Session | null;
  /** For how long it has waited, in milliseconds; null where nobody tells. */
  readonly waitingMs: number | null;
  /** Whether it may have waited for longer than `waitingMs`. */
  readonly isAtLeast: boolean;
}

/** Everybody who waits behind the same roots, directly or behind one another. */
export interface Queue {
  /** Longest open transaction first; empty where nobody can be seen whom they wait for. */
  readonly roots: readonly Root[];
  /** Sessions that wait for each other in a circle; empty unless that is why there is no root. */
  readonly circle: readonly Session[];
  /** What people call that for which those of an unseen root wait; null where the root is known. */
  readonly what: string | null;
  /** The whole queue, each once, who has waited longest first. */
  readonly waiters: readonly Waiter[];
}
