import type { Queue, Root, Waiter } from './queue.ts';

/** So many at once are a queue that is fed again as fast as its first give up. */
const leastCrowd = 3;

/**
 * Whether people have waited for too long: one of them for `limitMs`, or nobody can tell that it was less. Where those
 * who wait give up early (lock_timeout) and come again, a crowd behind a root that has rested for `limitMs` is as much.
 */
export function isTooLong({ waiters, roots }: Queue, limitMs: number): boolean {
  if (waiters.some((waiter) => hasWaited(waiter, limitMs))) return true;
  return waiters.length >= leastCrowd && roots.some((root) => hasRested(root, limitMs));
}

/** A wait is part of a statement, so the time of the statement bounds one that nobody tells. */
function hasWaited({ waitingMs, isAtLeast, session }: Waiter, limitMs: number): boolean {
  if (waitingMs !== null && waitingMs >= limitMs) return true;
  if (!isAtLeast) return false;
  const mostMs = session?.state === 'active' ? session.stateMs : null;
  return mostMs === null || mostMs >= limitMs;
}

function hasRested(root: Root, limitMs: number): boolean {
  if (root.kind === 'detached') return (root.transaction.ageMs ?? limitMs) >= limitMs;
  if (root.kind === 'absent') return false;
  const { state, stateMs } = root.session;
  return state !== 'active' && stateMs !== null && stateMs >= limitMs;
}
