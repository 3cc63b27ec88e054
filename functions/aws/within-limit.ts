/** One call with its retry and the wait between: the SDK's own limits add up to it, but they end where an answer begins. */
const callMs = 9_000;

/**
 * Ends a call when the sweep's time is up, and in any case after nine seconds. The SDK stops listening to an abort, and to
 * its own time-outs, once the first byte of an answer is there: one that then falls silent would hold the sweep for good (measured).
 */
export async function withinLimit<T>(
  signal: AbortSignal,
  call: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const giveUp = () => limit.abort();
  const timer = setTimeout(giveUp, callMs);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([givenUp(limit.signal), call({ abortSignal: limit.signal })]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
