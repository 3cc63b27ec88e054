import { hourMs } from '../hour.ts';
import type { Sample, Signal } from './signal.ts';

/** The lowest count in the hour that ends at an instant; null where nobody looked. */
export type Floor = (atMs: number) => number | null;

/** The floor of a signal: from its samples where they reach back far enough, else from the stored hours. */
export function toFloor({ samples, hours }: Signal): Floor {
  const firstMs = samples[0]?.atMs ?? Infinity;
  return (atMs) => {
    if (atMs - hourMs >= firstMs - hourMs / 4) return leastOf(samples, atMs);
    // The stored hour that covers most of it.
    const startMs = (Math.round(atMs / hourMs) - 1) * hourMs;
    const hour = hours[lastUntil(hours, startMs)];
    return hour?.atMs === startMs ? hour.least : null;
  };
}

function leastOf(samples: readonly Sample[], untilMs: number): number | null {
  let least: number | null = null;
  for (let at = lastUntil(samples, untilMs); at >= 0; at -= 1) {
    const sample = samples[at];
    if (sample === undefined || sample.atMs <= untilMs - hourMs) break;
    if (least === null || sample.count < least) least = sample.count;
  }
  return least;
}

/** The index of the last sample that is not later; −1: all are. */
function lastUntil(samples: readonly { readonly atMs: number }[], atMs: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
