import { hourMs } from '../hour.ts';
import { horizonHours } from './judge-window.ts';
import { median } from './robust.ts';
import { isLeaking, type Peak, type Signal } from './signal.ts';

/** So many days say what an hour of the day usually needs, and fewer than two say nothing. */
const days = 7;
const leastDays = 2;

/** After how many hours the maximum is reached: the first in which the usual peak of that hour and what grew need it all. */
export function hoursToFull(signal: Signal, nowMs: number, rate: number, rise: number): number {
  const straight = Math.max(0, (signal.max - signal.used) / rate);
  const peaks = signal.peaks.filter(({ atMs }) => !isLeaking(signal.leaks, atMs + hourMs));
  for (let ahead = 1; ahead < Math.min(straight, horizonHours); ahead += 1) {
    const usual = usualPeak(peaks, nowMs, ahead);
    if (usual === null) return straight;
    const missing = signal.max - usual - rise - rate * ahead;
    if (missing <= 0) return Math.min(straight, Math.max(ahead - 1, ahead + missing / rate));
  }
  return straight;
}

/** The median of what this hour of the day needed at its most; null where too little is known. */
function usualPeak(peaks: readonly Peak[], nowMs: number, ahead: number): number | null {
  const hour = Math.floor(nowMs / hourMs + ahead) * hourMs;
  const before = Math.ceil(ahead / 24);
  const same = peaks.filter(({ atMs }) => {
    const ago = (hour - atMs) / (24 * hourMs);
    return Number.isInteger(ago) && ago >= before && ago < before + days;
  });
  return same.length < leastDays ? null : median(same.map(({ most }) => most));
}
