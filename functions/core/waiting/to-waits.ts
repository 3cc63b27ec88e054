import { defaultNotifySettings } from '../../contract/event.ts';
import type { Mode } from '../../contract/target.ts';
import { cleanText } from '../text/clean-text.ts';
import type { Plan } from '../model/plan.ts';
import type { ReportedWait, ReportedWaiters } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { toReportedSession } from '../to-reported-session.ts';
import { findQueues } from './find-queues.ts';
import { isTooLong } from './is-news.ts';
import type { Queue, Waiter } from './queue.ts';
import { tableOf } from './table-of.ts';
import { isOfTable, whereToFind } from './what-for.ts';
import { toRoot, withFewBlocks } from './to-root.ts';
import { describeSight, findSuspects } from './unseen-root.ts';

/** What a sweep knows of those who wait. */
export interface WaitFacts {
  readonly before: Snapshot;
  readonly plan: Plan | null;
  readonly mode: Mode;
  /** After the chosen sessions were ended; null where nothing was, or nobody could look. */
  readonly after: Snapshot | null;
  readonly waitingMs?: number;
}

const most = { queues: 8, roots: 4, who: 8, circle: 8 } as const;

/** The queues that are news, the longest first. */
export function toWaits(facts: WaitFacts): readonly ReportedWait[] {
  const limitMs = facts.waitingMs ?? defaultNotifySettings.waitingMs;
  const queues = findQueues(facts.before).filter((queue) => isTooLong(queue, limitMs));
  if (queues.length === 0) return [];
  const stillWaiting = facts.after && waitersIn(facts.after);
  return queues.slice(0, most.queues).map((queue) => toWait(queue, facts, stillWaiting));
}

/** Every waiter of a snapshot by its connection, so that a number that was given anew is somebody else. */
function waitersIn(snapshot: Snapshot): ReadonlySet<string> {
  return new Set(findQueues(snapshot).flatMap(({ waiters }) => waiters.map(connectionOf)));
}

function connectionOf({ id, session }: Waiter): string {
  return JSON.stringify([id, session?.identity.connection ?? null]);
}

function toWait(queue: Queue, facts: WaitFacts, stillWaiting: ReadonlySet<string> | null): ReportedWait {
  const { before, plan, mode } = facts;
  const { roots, circle, waiters, what } = queue;
  const [first] = waiters;
  const longestMs = first?.waitingMs ?? null;
  return {
    sessions: waiters.length,
    longestMs,
    isAtLeast: first?.isAtLeast ?? false,
    since: longestMs === null ? null : sinceOf(before.takenAt, longestMs),
    first: first?.session ? withFewBlocks(toReportedSession(first.session)) : null,
    table: what === null || isOfTable(what) ? tableOf(waiters) : null,
    what,
    who: whoOf(waiters),
    roots: roots.slice(0, most.roots).map((root) => toRoot(root, { snapshot: before, plan, mode })),
    rootCount: roots.length,
    circle: circle.slice(0, most.circle).map(({ id }) => cleanText(id, 24)),
    isOver: stillWaiting !== null && !waiters.some((waiter) => stillWaiting.has(connectionOf(waiter))),
    whereToFind: what === null ? '' : whereToFind(what, before.engine),
    toSee: what === null ? [] : describeSight(before, what),
    suspects: what !== null ? findSuspects(before, waiters) : [],
  };
}

/** Null where the database gave no time that can be read. */
function sinceOf(takenAt: string, waitedMs: number): string | null {
  // eslint-disable-next-line no-restricted-globals -- computes with a given time, reads no clock
  const since = new Date(takenAt).getTime() - waitedMs;
  // eslint-disable-next-line no-restricted-globals -- the same
  return Number.isNaN(since) || Math.abs(since) > 8e15 ? null : new Date(since).toISOString();
}

function whoOf(waiters: readonly Waiter[]): readonly ReportedWaiters[] {
  const counts = new Map<string, ReportedWaiters>();
  for (const { session } of waiters) {
    const user = session?.user ?? null;
    const application = session?.application ?? null;
    const key = JSON.stringify([user, application]);
    const known = counts.get(key);
    counts.set(key, {
      user: user === null ? null : cleanText(user, 64),
      application: application === null ? null : cleanText(application, 64),
      sessions: (known?.sessions ?? 0) + 1,
    });
  }
  return [...counts.values()].sort((a, b) => b.sessions - a.sessions).slice(0, most.who);
}
