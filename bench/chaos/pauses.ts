/** How long applications pause between two pieces of work. */
export interface Pauses {
  /** The policy's, in milliseconds. */
  readonly thresholdMs: number;
  /** Pauses are the threshold give or take this much: the worst case, in which every end may meet a session that wakes up. */
  readonly spreadMs: number;
  /** Instead: this share of the pauses goes on until the session is ended, and the others are a twentieth of the threshold. */
  readonly leakShare?: number;
}

const never = 2 ** 31 - 1;

/** The next pause. */
export function toPauseMs({ thresholdMs, spreadMs, leakShare }: Pauses): number {
  if (leakShare === undefined) return thresholdMs + (Math.random() * 2 - 1) * spreadMs;
  return Math.random() < leakShare ? never : thresholdMs / 20;
}
