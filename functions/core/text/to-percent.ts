/** A fraction of 1 as a whole percentage: `93%`; `?%` when it is no number. */
export function toPercent(fraction: number): string {
  return Number.isFinite(fraction) ? `${Math.round(fraction * 100)}%` : '?%';
}
