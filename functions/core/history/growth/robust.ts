/** The value below which the given part of them lies, between neighbours in proportion; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A straight line. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Theil and Sen's line: the median of the slopes between any two points, so that a quarter of them may be wild. */
export function theilSen(xs: readonly number[], ys: readonly number[]): Line {
  const slopes: number[] = [];
  for (let i = 0; i < xs.length; i += 1)
    for (let j = i + 1; j < xs.length; j += 1)
      slopes.push(((ys[j] ?? 0) - (ys[i] ?? 0)) / ((xs[j] ?? 0) - (xs[i] ?? 0)));
  const slope = median(slopes);
  return { slope, intercept: median(ys.map((y, i) => y - slope * (xs[i] ?? 0))) };
}

/** How far off a line is, all points together. */
export function lineError(xs: readonly number[], ys: readonly number[], { slope, intercept }: Line): number {
  return xs.reduce((sum, x, i) => sum + Math.abs((ys[i] ?? 0) - intercept - slope * x), 0);
}

/** How far off the best single step between two levels is. */
export function stepError(ys: readonly number[]): number {
  let best = deviation(ys);
  for (let at = 2; at <= ys.length - 2; at += 1)
    best = Math.min(best, deviation(ys.slice(0, at)) + deviation(ys.slice(at)));
  return best;
}

function deviation(ys: readonly number[]): number {
  const middle = median(ys);
  return ys.reduce((sum, y) => sum + Math.abs(y - middle), 0);
}
