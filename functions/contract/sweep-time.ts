/** How long one invocation of the function may last, in milliseconds; a sweep from a terminal gets as much for its work. */
export const sweepMs = 60_000;

/** How long a sweep from a terminal waits for a yes, in milliseconds; it holds the lock of the server meanwhile. */
export const answerMs = 60_000;

/** No sweep lasts longer: what holds the lock for twice as long hangs. */
export const longestSweepMs = sweepMs + answerMs;
