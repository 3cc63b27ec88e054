/** 95 % of a normal distribution lie within so many standard deviations. */
const z = 1.959964;

/** Wilson's 95 % interval of a rate, as fractions of 1; from 0 to 1 where nothing was tried. */
export function wilson(hits: number, tries: number): { readonly low: number; readonly high: number } {
  if (tries <= 0) return { low: 0, high: 1 };
  const rate = Math.min(1, hits / tries);
  const scale = 1 + z ** 2 / tries;
  const middle = (rate + z ** 2 / (2 * tries)) / scale;
  const half = (z * Math.sqrt((rate * (1 - rate)) / tries + z ** 2 / (4 * tries ** 2))) / scale;
  return {
    low: rate === 0 ? 0 : Math.max(0, middle - half),
    high: rate === 1 ? 1 : Math.min(1, middle + half),
  };
}
