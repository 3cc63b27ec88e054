import { hourMs } from '../hour.ts';
import type { Growth } from './growth.ts';
import type { LeakSpan } from './signal.ts';

/** Growth that was seen, from its beginning until the count has come down again. */
export interface Episode {
  readonly sinceMs: number;
  /** When it was last judged to grow. */
  readonly grewMs: number;
  /** The count at which it began, and the largest rise above it. */
  readonly rise: number;
  readonly level: number;
  /** Null while it goes on. */
  readonly endedMs: number | null;
}

/** It has stopped when no sweep has found it to grow for so long. */
export const stoppedAfterMs = 2 * hourMs;
/** What stays up for so long after it stopped is what is usual from then on. */
const settledAfterMs = 24 * hourMs;
/** It is over when so much of the rise is gone. */
const goneShare = 0.5;
/** Longer ago, nothing is kept of it. */
const keptForMs = 35 * 24 * hourMs;

/** The episodes of one signal after a sweep that found `count`; the last one may still go on. */
export function followEpisodes(
  episodes: readonly Episode[],
  growth: Growth | null,
  count: number,
  nowMs: number,
): readonly Episode[] {
  const last = episodes.at(-1);
  const past = episodes.filter(
    (each) => each.endedMs !== null && nowMs - each.endedMs <= keptForMs && each !== last,
  );
  const open = last?.endedMs === null ? close(last, count, nowMs) : null;
  if (open?.endedMs === null) return [...past, growth ? grow(open, growth, nowMs) : open];
  const before = open ?? last;
  const kept = before && nowMs - (before.endedMs ?? nowMs) <= keptForMs ? [...past, before] : past;
  return growth ? [...kept, begin(growth, count, nowMs)] : kept;
}

/** Whether an episode has not been seen to grow for a while. */
export function hasStopped({ grewMs, endedMs }: Episode, nowMs: number): boolean {
  return endedMs !== null || nowMs - grewMs >= stoppedAfterMs;
}

/** The hours from which nobody learns what is usual: those of episodes that are over, and of one that has stopped. */
export function toLeakSpans(episodes: readonly Episode[], nowMs: number): readonly LeakSpan[] {
  return episodes.map(({ sinceMs, endedMs }) => ({ fromMs: sinceMs, untilMs: endedMs ?? nowMs }));
}

function begin({ sinceMs, rise }: Growth, count: number, nowMs: number): Episode {
  return { sinceMs, grewMs: nowMs, rise, level: count - rise, endedMs: null };
}

function grow(episode: Episode, { sinceMs, rise }: Growth, nowMs: number): Episode {
  return {
    ...episode,
    sinceMs: Math.min(episode.sinceMs, sinceMs),
    grewMs: nowMs,
    rise: Math.max(episode.rise, rise),
  };
}

function close(episode: Episode, count: number, nowMs: number): Episode {
  const { level, rise, grewMs } = episode;
  const isGone = count < level + rise * goneShare;
  return isGone || nowMs - grewMs >= settledAfterMs ? { ...episode, endedMs: nowMs } : episode;
}
