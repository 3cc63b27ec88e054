/** The last stretch before a moment is not slept but watched, in nanoseconds. */
const watchedNs = 300_000n;

/** Waits for a moment of the monotonic clock, to the microsecond as far as the machine lets us. */
export async function until(moment: bigint): Promise<void> {
  const ms = Number(moment - watchedNs - process.hrtime.bigint()) / 1e6;
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  while (process.hrtime.bigint() < moment);
}
