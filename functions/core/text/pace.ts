/** A rate for people; slow ones have a digit more: `1.4`, `6`. */
export function toPace(rate: number): string {
  return String(rate < 3 ? Math.round(rate * 10) / 10 : Math.round(rate));
}

/** An ISO 8601 instant in UTC, to the minute: `2026-11-22 09:40 UTC`. */
export function toClock(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
