const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

/** What a duration looks like. */
export const wholeDuration = /^(?:\d+(?:ms|s|m|h|d))+$/;
const longestMs = 3_650 * unitMs.d;

/** Milliseconds in a duration such as `15s` or `1h30m`, or null when the text is not one (longest: 3650d). */
export function parseDuration(text: string): number | null {
  if (!wholeDuration.test(text)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * unitMs[unit as Unit];
  }
  return totalMs <= longestMs ? totalMs : null;
}

/** A duration in the configuration's own spelling: `90s` is written `1m30s`. */
export function writeDuration(durationMs: number): string {
  let rest = durationMs;
  const parts = (['d', 'h', 'm', 's', 'ms'] as const).map((unit) => {
    const amount = Math.floor(rest / unitMs[unit]);
    rest -= amount * unitMs[unit];
    return amount > 0 ? `${amount}${unit}` : '';
  });
  return parts.join('') || '0s';
}
