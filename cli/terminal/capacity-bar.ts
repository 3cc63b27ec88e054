/** A bar such as `[########············]`, filled by a fraction of 1. */
export function toBar(fraction: number, width = 30): string {
  const filled = Math.min(width, Math.max(0, Math.round(fraction * width)));
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
}
