import { type Point, pointsForMs } from './point.ts';

/** Every sweep of the last six hours has its own point, in milliseconds. */
const everySweepMs = 6 * 3_600_000;
/** Of those before, one point in each five minutes is kept. */
const spacingMs = 5 * 60_000;
/** However often somebody sweeps. */
const mostPoints = 1_000;

/** Whether the sweep of this point is in the history already. */
export function hasPoint(points: readonly Point[], { atMs, sweep }: Point): boolean {
  return points.some((point) => point.atMs === atMs && point.sweep === sweep);
}

/** Adds a point in the order of time, and forgets what is too old beside the newest. */
export function addPoint(points: readonly Point[], point: Point): readonly Point[] {
  const all = [...points, point].sort((a, b) => a.atMs - b.atMs);
  const newestMs = all.at(-1)?.atMs ?? 0;
  const kept = all.filter(({ atMs }) => newestMs - atMs <= pointsForMs);
  return thin(kept, newestMs - everySweepMs).slice(-mostPoints);
}

/** One point for each five minutes before `untilMs`: the last of them, with the ends of all. */
function thin(points: readonly Point[], untilMs: number): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last && point.atMs < untilMs && isSameSpan(last, point)) kept[kept.length - 1] = join(last, point);
    else kept.push(point);
  }
  return kept;
}

function isSameSpan(a: Point, b: Point): boolean {
  return Math.floor(a.atMs / spacingMs) === Math.floor(b.atMs / spacingMs);
}

function join(earlier: Point, later: Point): Point {
  const isNewServer = earlier.isNewServer || later.isNewServer;
  return { ...later, ended: earlier.ended + later.ended, isNewServer };
}
