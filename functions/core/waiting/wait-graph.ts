import type { Blocked, Session } from '../model/session.ts';
import type { DetachedTransaction, Snapshot } from '../model/snapshot.ts';

/** A session, a transaction without one, or a number that the snapshot does not show. */
export interface Node {
  readonly id: string;
  readonly session: Session | null;
  readonly transaction: DetachedTransaction | null;
  /** Who waits for it. */
  readonly blocks: readonly Blocked[];
}

/** Who waits for whom; a session that waits for itself (a lock of its own process group) does not count. */
export interface WaitGraph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** What each waiter is told to have waited by those it waits for. */
  readonly waits: ReadonlyMap<string, readonly Blocked[]>;
}

/** Reads the edges of a snapshot, in both directions. */
export function toWaitGraph({ sessions, detached }: Snapshot): WaitGraph {
  const nodes = new Map<string, Node>();
  const waits = new Map<string, Blocked[]>();
  for (const session of sessions)
    nodes.set(session.id, { id: session.id, session, transaction: null, blocks: othersOf(session) });
  for (const [index, transaction] of (detached ?? []).entries()) {
    const id = `transaction ${index}`; // no session's number is a word
    nodes.set(id, { id, session: null, transaction, blocks: transaction.blocks });
  }
  for (const { blocks } of [...nodes.values()])
    for (const blocked of blocks) {
      if (!nodes.has(blocked.id)) nodes.set(blocked.id, absent(blocked.id));
      const known = waits.get(blocked.id);
      if (known) known.push(blocked);
      else waits.set(blocked.id, [blocked]);
    }
  return { nodes, waits };
}

function othersOf({ id, blocks }: Session): readonly Blocked[] {
  return (blocks ?? []).filter((blocked) => blocked.id !== id);
}

function absent(id: string): Node {
  return { id, session: null, transaction: null, blocks: [] };
}

/** Whether it waits for somebody, seen or not. */
export function isWaiting({ waits }: WaitGraph, { id, session }: Node): boolean {
  return waits.has(id) || session?.waitsForLock === true;
}
