import type { Watched, WatchedTarget } from '../../contract/watch.ts';
import { countFired } from '../schedule/count-fired.ts';
import type { ToldUnswept, WatchState } from './watch-state.ts';

/** So many sweeps in a row have to be missing: seen before the fourth would begin. */
const missedBefore = 2;
const mostCounted = 99;
/** After so many runs of the watch that were missing, everything was stopped, and begins anew. */
const missedRuns = 3;

/** A target whose sweeps are missing. */
export interface Unswept {
  readonly target: string;
  /** Epoch milliseconds; null: never seen. */
  readonly lastMs: number | null;
  readonly missed: number;
}

/** What a run of the watch found, what is news of it, and what to remember. */
export interface Watch {
  readonly unswept: readonly Unswept[];
  /** Those of them that subscribers do not know of, or were told of a cool-down ago. */
  readonly news: readonly Unswept[];
  /** Targets that are swept again. */
  readonly over: readonly string[];
  /** Whether it is news that all sweeps were stopped, or begin again. */
  readonly change: 'stopped' | 'resumed' | null;
  readonly state: WatchState;
}

/**
 * Finds targets whose sweeps are missing, by when each last left a trace. A target is due from when the watch first saw it, so that
 * a new one, or all after a stop, are not missing before their first time has come.
 */
export function watch(
  watched: Watched,
  swept: ReadonlyMap<string, number>,
  before: WatchState | null,
  nowMs: number,
): Watch {
  if (watched.isStopped) return stopped(watched, before, nowMs);
  const wasSilent = before === null || nowMs - before.ranAtMs > missedRuns * watched.everyMs;
  const wasStopped = wasSilent || before.isStopped;
  const known = new Set(wasStopped ? [] : before.known);
  const since: Record<string, number> = {};
  const unswept = watched.targets.flatMap((target) => {
    const lastMs = swept.get(target.name) ?? null;
    const from = known.has(target.name) ? (before?.since[target.name] ?? null) : nowMs;
    const isSince = from !== null && from > (lastMs ?? 0);
    if (isSince) since[target.name] = from;
    const missed = countMissed(target, isSince ? from : (lastMs ?? nowMs), nowMs);
    return missed >= missedBefore ? [{ target: target.name, lastMs, missed }] : [];
  });
  const notified = before?.notified ?? {};
  const news = unswept.filter(({ target }) => isNews(notified[target], nowMs, watched.coolDownMs));
  const over = Object.keys(notified).filter((name) => isOver(name, notified[name], watched, unswept));
  return {
    unswept,
    news,
    over,
    change: before?.isStopped === true ? 'resumed' : null,
    state: {
      ranAtMs: nowMs,
      isStopped: false,
      known: watched.targets.map(({ name }) => name),
      since,
      notified: remember(notified, news, over, nowMs, watched.coolDownMs),
    },
  };
}

/** While everything is stopped nothing is missing; that it is stopped is news once. */
function stopped({ targets }: Watched, before: WatchState | null, nowMs: number): Watch {
  const known = targets.map(({ name }) => name);
  const state = { ranAtMs: nowMs, isStopped: true, known, since: {}, notified: {} };
  return { unswept: [], news: [], over: [], change: before?.isStopped === true ? null : 'stopped', state };
}

function countMissed({ schedule, timezone, graceMs }: WatchedTarget, fromMs: number, nowMs: number): number {
  return countFired(schedule, timezone, fromMs, nowMs - graceMs, mostCounted);
}

function isNews(notified: ToldUnswept | undefined, nowMs: number, coolDownMs: number): boolean {
  return notified === undefined || nowMs - notified.atMs >= coolDownMs;
}

function isOver(
  name: string,
  notified: ToldUnswept | undefined,
  { targets }: Watched,
  unswept: readonly Unswept[],
): boolean {
  const isWatched = targets.some((target) => target.name === name);
  return isWatched && notified?.isOver === false && !unswept.some(({ target }) => target === name);
}

/** What is over stays known for a cool-down, so that a target that comes and goes is not news each time. */
function remember(
  notified: WatchState['notified'],
  news: readonly Unswept[],
  over: readonly string[],
  nowMs: number,
  coolDownMs: number,
): WatchState['notified'] {
  const kept = Object.entries(notified)
    .filter(([, { atMs, isOver }]) => !isOver || nowMs - atMs < coolDownMs)
    .map(([name, each]) => [name, over.includes(name) ? { ...each, isOver: true } : each] as const);
  const added = news.map(({ target }) => [target, { atMs: nowMs, isOver: false }] as const);
  return Object.fromEntries([...kept, ...added]);
}
