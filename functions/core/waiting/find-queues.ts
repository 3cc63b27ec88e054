import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Queue, Root, Waiter } from './queue.ts';
import { whatFor } from './what-for.ts';
import { isWaiting, type Node, toWaitGraph, type WaitGraph } from './wait-graph.ts';

/**
 * All queues of a snapshot, the longest first: who is connected by waiting, directly or not, is one queue. The server's
 * own processes and unleak are no people; they are passed through, not counted.
 */
export function findQueues(snapshot: Snapshot): readonly Queue[] {
  const graph = toWaitGraph(snapshot);
  const queues = componentsOf(graph).map((nodes) => toQueue(graph, nodes, snapshot.engine));
  return mergeUnseen(queues)
    .filter(({ waiters }) => waiters.length > 0)
    .sort((a, b) => b.waiters.length - a.waiters.length || longestOf(b) - longestOf(a));
}

function longestOf({ waiters }: Queue): number {
  return waiters[0]?.waitingMs ?? 0;
}

/** Nodes that hang together by waiting; those who neither wait nor block are in none. */
function componentsOf(graph: WaitGraph): readonly (readonly Node[])[] {
  const neighbours = new Map<string, string[]>();
  const link = (from: string, to: string) => {
    const known = neighbours.get(from);
    if (known) known.push(to);
    else neighbours.set(from, [to]);
  };
  for (const { id, blocks } of graph.nodes.values())
    for (const blocked of blocks) {
      link(id, blocked.id);
      link(blocked.id, id);
    }
  const seen = new Set<string>();
  return [...graph.nodes.values()].flatMap((node) => {
    if (seen.has(node.id) || !(neighbours.has(node.id) || isWaiting(graph, node))) return [];
    return [reach(graph, neighbours, node.id, seen)];
  });
}

function reach(
  graph: WaitGraph,
  neighbours: ReadonlyMap<string, readonly string[]>,
  start: string,
  seen: Set<string>,
): Node[] {
  const reached: Node[] = [];
  const open = [start];
  seen.add(start);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = graph.nodes.get(id);
    if (node) reached.push(node);
    for (const next of neighbours.get(id) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return reached;
}

function toQueue(graph: WaitGraph, nodes: readonly Node[], engine: Snapshot['engine']): Queue {
  const roots = nodes.filter((node) => !isWaiting(graph, node));
  const waiters = nodes.filter((node) => isWaiting(graph, node) && isSomebody(node));
  // Who waits for nobody that is shown hides a root; only where all are shown do they wait in a circle.
  const hiding = nodes.find((node) => isWaiting(graph, node) && !graph.waits.has(node.id));
  return {
    roots: roots.map(toRoot).sort((a, b) => ageOf(b) - ageOf(a)),
    circle: roots.length > 0 || hiding ? [] : circleOf(nodes),
    what: roots.length === 0 && hiding ? whatFor(hiding.session, engine) : null,
    waiters: waiters.map((node) => toWaiter(graph, node)).sort(byWait),
  };
}

function isSomebody({ session }: Node): boolean {
  return session === null || session.kind === 'client' || session.kind === 'replication';
}

function toRoot({ id, session, transaction, blocks }: Node): Root {
  const isSnapshot = blocks.length > 0 && blocks.every(({ waitsFor }) => waitsFor === 'snapshot');
  if (session) return { kind: 'session', session, awaited: isSnapshot ? 'snapshot' : 'lock' };
  return transaction ? { kind: 'detached', transaction } : { kind: 'absent', id };
}

function ageOf(root: Root): number {
  if (root.kind === 'session') return Math.max(root.session.transactionMs ?? 0, root.session.stateMs ?? 0);
  return root.kind === 'detached' ? (root.transaction.ageMs ?? 0) : 0;
}

/** Those left when everybody is taken away, again and again, for whom nobody waits. */
function circleOf(nodes: readonly Node[]): readonly Session[] {
  let left = new Map(nodes.map((node) => [node.id, node]));
  for (;;) {
    const kept = [...left].filter(([, { blocks }]) => blocks.some(({ id }) => left.has(id)));
    if (kept.length === left.size) return kept.flatMap(([, { session }]) => (session ? [session] : []));
    left = new Map(kept);
  }
}

/** What the servers tell of a wait is exact; what a session's own row tells is at least so long. */
function toWaiter({ waits }: WaitGraph, { id, session }: Node): Waiter {
  const known = (waits.get(id) ?? []).flatMap(({ waitingMs }) => (waitingMs === null ? [] : [waitingMs]));
  const exactMs = known.length === 0 ? null : Math.max(...known);
  const leastMs = session?.waitsForLock === true && session.waitingMs ? session.waitingMs : null;
  if (leastMs !== null && leastMs > (exactMs ?? 0))
    return { id, session, waitingMs: leastMs, isAtLeast: exactMs === null };
  return { id, session, waitingMs: exactMs, isAtLeast: exactMs === null };
}

function byWait(a: Waiter, b: Waiter): number {
  return (b.waitingMs ?? -1) - (a.waitingMs ?? -1) || (a.id < b.id ? -1 : 1);
}

/** Where roots cannot be seen, nobody can tell one queue from another, unless they wait for things of different kinds. */
function mergeUnseen(queues: readonly Queue[]): Queue[] {
  const crowds = new Map<string, Waiter[]>();
  for (const { what, waiters } of queues)
    if (what !== null) crowds.set(what, [...(crowds.get(what) ?? []), ...waiters]);
  return [
    ...queues.filter(({ what }) => what === null),
    ...[...crowds].map(([what, waiters]) => ({ roots: [], circle: [], what, waiters: waiters.sort(byWait) })),
  ];
}
