/** How a sweep's time is divided, so that it can always verify and tell what it did. */
export interface Deadline {
  /** Aborts when work on the server has to stop. */
  readonly work: AbortSignal;
  /** Aborts when the invocation itself is about to end. */
  readonly tell: AbortSignal;
  /** Whether there is still time to begin another batch and to verify it afterwards. */
  mayAct(): boolean;
  /** Milliseconds left for work on the server, never below 0. */
  workLeftMs(): number;
  /** Milliseconds left for telling, never below 0. */
  tellLeftMs(): number;
  /** Frees the timers. */
  end(): void;
}

const share = { verify: 0.15, tell: 0.25, margin: 0.02 } as const;
const mostMs = { verify: 8_000, tell: 12_000, margin: 500 } as const;

/** Divides the time left: first for looking and acting, then to verify, then to tell, and a margin to end well. */
export function createDeadline(remainingMs: number, now: () => number): Deadline {
  const leftMs = Math.max(0, remainingMs);
  const part = (name: keyof typeof share) => Math.min(mostMs[name], leftMs * share[name]);
  const end = now() + leftMs;
  const tellBy = end - part('margin');
  const workBy = tellBy - part('tell');
  const actBy = workBy - part('verify');
  const work = abortAt(workBy, now);
  const tell = abortAt(tellBy, now);
  return {
    work: work.signal,
    tell: tell.signal,
    mayAct: () => now() < actBy,
    workLeftMs: () => Math.max(0, workBy - now()),
    tellLeftMs: () => Math.max(0, tellBy - now()),
    end: () => {
      work.clear();
      tell.clear();
    },
  };
}

function abortAt(time: number, now: () => number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, time - now()));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
