import type { History } from '../history.ts';
import { type Program, programKey } from '../program.ts';
import { followEpisodes, hasStopped, toLeakSpans } from './episode.ts';
import type { Growing } from './growing.ts';
import { type Growth, judgeGrowth } from './growth.ts';
import { type Signal, toProgramSignal, toServerSignal } from './signal.ts';

/** Fewer resting sessions are no leak yet. */
const leastIdle = 3;
/** So many episodes of one target are remembered. */
export const mostGrowing = 100;

/** A history with what its last sweep says about growth; said twice, it says the same. */
export function followGrowth(history: History): History {
  const nowMs = history.points.at(-1)?.atMs;
  if (nowMs === undefined) return history;
  const growing = subjectsOf(history).flatMap((program) => followOne(history, program, nowMs));
  return { ...history, growing: growing.slice(-mostGrowing) };
}

/** What grows now: the programs, or where none of them does, the server. */
export function growingNow({ growing, points }: History): readonly Growing[] {
  const nowMs = points.at(-1)?.atMs ?? 0;
  const now = growing.filter((each) => !hasStopped(each, nowMs));
  const programs = now.filter(({ program }) => program !== null);
  return programs.length > 0 ? programs : now;
}

/** The server, its larger programs, and what grew before. */
function subjectsOf({ points, growing }: History): readonly (Program | null)[] {
  const large = points.at(-1)?.programs.filter(({ idle }) => idle >= leastIdle) ?? [];
  const subjects = [null, ...large, ...growing.map(({ program }) => program)];
  const byKey = new Map(
    subjects.map((each) => [keyOf(each), each && { user: each.user, application: each.application }]),
  );
  return [...byKey.values()];
}

function followOne(history: History, program: Program | null, nowMs: number): readonly Growing[] {
  const key = keyOf(program);
  const known = history.growing.filter((each) => keyOf(each.program) === key);
  const leaks = toLeakSpans(known, nowMs);
  const signal = program ? toProgramSignal(history, program, leaks) : toServerSignal(history, leaks);
  if (!signal) return known;
  const growth = judgeGrowth(signal, nowMs);
  const episodes = followEpisodes(known, growth, countOf(signal), nowMs);
  return episodes.flatMap((episode) => {
    const before = known.find(({ sinceMs, endedMs }) => sinceMs === episode.sinceMs && endedMs !== null);
    const forecast = before?.forecast ?? (growth && episode.grewMs === nowMs ? growth : lastForecast(known));
    return forecast ? [{ ...episode, program, forecast }] : [];
  });
}

function lastForecast(known: readonly Growing[]): Growth | null {
  return known.at(-1)?.forecast ?? null;
}

function countOf({ samples }: Signal): number {
  return samples.at(-1)?.count ?? 0;
}

function keyOf(program: Program | null): string {
  return program === null ? '' : programKey(program);
}
