/** The largest mean that makes so few events as likely as one in twenty: the upper end of what was seen, at 95 %. */
export function poissonBound(events: number): number {
  let [low, high] = [events, events + 10 + 4 * Math.sqrt(events + 1)];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (atMost(events, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

function atMost(events: number, mean: number): number {
  let [term, sum] = [Math.exp(-mean), 0];
  for (let count = 0; count <= events; count += 1) {
    sum += term;
    term *= mean / (count + 1);
  }
  return sum;
}
