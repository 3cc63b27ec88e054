import { mostPrograms, type Point } from './point.ts';
import { type Program, programKey } from './program.ts';

/** Hours are kept for so long, in milliseconds. */
export const hoursForMs = 35 * 86_400_000;
export const hourMs = 3_600_000;
/** An hour that ended no longer ago is computed anew at each sweep, so that a late one still counts. */
const lateMs = 4 * hourMs;

/** The smallest, middle and largest value of an hour. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** How many sessions of a program were idle for over 30 minutes in an hour. */
export interface ProgramHour extends Program {
  readonly idle: Spread;
}

/** One hour of a target, from the sweeps in it. */
export interface Hour {
  /** Epoch milliseconds of its beginning. */
  readonly atMs: number;
  /** How many sweeps it rests on. */
  readonly sweeps: number;
  /** Slots taken. */
  readonly used: Spread;
  /** The fewest slots that ordinary logins could use. */
  readonly slots: number;
  readonly ended: number;
  /** Programs that had sessions idle for over 30 minutes, most first, at most ten; of all others the three are 0. */
  readonly programs: readonly ProgramHour[];
}

/** The hours known before, and those that are over by now as their points say them. */
export function toHours(known: readonly Hour[], points: readonly Point[]): readonly Hour[] {
  const nowMs = points.at(-1)?.atMs ?? 0;
  const byStart = new Map(known.map((hour) => [hour.atMs, hour]));
  for (const [atMs, some] of byHour(points)) {
    const isOver = atMs + hourMs <= nowMs;
    const mayGrow = nowMs - atMs <= hourMs + lateMs;
    if (isOver && (mayGrow || !byStart.has(atMs))) byStart.set(atMs, toHour(atMs, some));
  }
  return [...byStart.values()]
    .filter(({ atMs }) => nowMs - atMs <= hoursForMs)
    .sort((a, b) => a.atMs - b.atMs);
}

function byHour(points: readonly Point[]): ReadonlyMap<number, readonly Point[]> {
  const hours = new Map<number, Point[]>();
  for (const point of points) {
    const atMs = Math.floor(point.atMs / hourMs) * hourMs;
    const some = hours.get(atMs);
    if (some) some.push(point);
    else hours.set(atMs, [point]);
  }
  return hours;
}

function toHour(atMs: number, points: readonly Point[]): Hour {
  return {
    atMs,
    sweeps: points.length,
    used: spreadOf(points.map(({ used }) => used)),
    slots: Math.min(...points.map(({ max }) => max)),
    ended: points.reduce((sum, { ended }) => sum + ended, 0),
    programs: toPrograms(points),
  };
}

function toPrograms(points: readonly Point[]): readonly ProgramHour[] {
  const programs = new Map<string, { readonly program: Program; readonly idle: number[] }>();
  points.forEach(({ programs: some }, at) => {
    for (const { user, application, idle } of some) {
      if (idle === 0) continue;
      const key = programKey({ user, application });
      const known = programs.get(key) ?? { program: { user, application }, idle: points.map(() => 0) };
      known.idle[at] = idle;
      programs.set(key, known);
    }
  });
  const hours = [...programs.values()].map(({ program, idle }) => ({ ...program, idle: spreadOf(idle) }));
  return hours.sort((a, b) => b.idle.max - a.idle.max).slice(0, mostPrograms);
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { min: at(0), median: at(0.5), max: at(1) };
}
