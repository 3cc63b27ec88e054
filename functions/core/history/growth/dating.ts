import { bestHinge } from './hinge.ts';
import type { Evidence } from './judge-window.ts';
import type { Past } from './usual.ts';
import { aboveUsual } from './window.ts';

/** An hour's floor trails behind what it is the floor of, in hours. */
const lagHours = 0.75;
/** Nobody looks further back, in hours. */
const mostHours = 120;

/** How many hours ago it began to grow: where a line that is flat and then rises fits best; looked for twice, closer the second time. */
export function dateStart(past: Past, { hours, rate, rise }: Evidence): number {
  const first = findBend(past, Math.max(hours, rise / rate) * 1.5 + 6);
  return findBend(past, first * 1.6 + 3) + lagHours;
}

function findBend(past: Past, hours: number): number {
  const reach = Math.min(mostHours, hours);
  const step = reach <= 12 ? 0.25 : reach <= 36 ? 0.5 : 1;
  const xs: number[] = [];
  const ys: number[] = [];
  for (let ago = Math.floor(reach / step) * step; ago >= 0; ago -= step) {
    const above = aboveUsual(past, ago, reach);
    if (above === null) continue;
    xs.push(-ago);
    ys.push(above);
  }
  return -bestHinge(xs, ys);
}
