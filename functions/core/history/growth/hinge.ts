/** Beyond so many slots an error counts only in proportion to it, and not to its square. */
const tolerance = 1.5;
/** So often the weights are computed anew. */
const rounds = 2;

/** Where a line that is flat and then rises bends: the x, of those given, with the smallest error by Huber's cost. */
export function bestHinge(xs: readonly number[], ys: readonly number[]): number {
  let best = xs[0] ?? 0;
  let least = Infinity;
  for (const bend of xs.slice(0, -2)) {
    const cost = costOf(xs, ys, bend);
    if (cost < least) [least, best] = [cost, bend];
  }
  return best;
}

function costOf(xs: readonly number[], ys: readonly number[], bend: number): number {
  const after = xs.map((x) => Math.max(0, x - bend));
  let weights = xs.map(() => 1);
  let errors: readonly number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const { level, slope } = fit(after, ys, weights);
    errors = ys.map((y, at) => Math.abs(y - level - slope * (after[at] ?? 0)));
    weights = errors.map((error) => (error <= tolerance ? 1 : tolerance / error));
  }
  return errors.reduce((sum, error) => sum + huber(error), 0);
}

function huber(error: number): number {
  return error <= tolerance ? error ** 2 / 2 : tolerance * (error - tolerance / 2);
}

/** Weighted least squares; a slope below 0 is none. */
function fit(xs: readonly number[], ys: readonly number[], weights: readonly number[]) {
  let [all, x1, y1, xx, xy] = [0, 0, 0, 0, 0];
  weights.forEach((weight, at) => {
    const [x, y] = [xs[at] ?? 0, ys[at] ?? 0];
    all += weight;
    x1 += weight * x;
    y1 += weight * y;
    xx += weight * x * x;
    xy += weight * x * y;
  });
  const scale = all * xx - x1 * x1;
  const slope = scale < 1e-9 ? 0 : Math.max(0, (all * xy - x1 * y1) / scale);
  return { slope, level: (y1 - slope * x1) / all };
}
