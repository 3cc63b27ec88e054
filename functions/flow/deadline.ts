/** How a sweep's time is divided, so that it can always verify and report what it did. */
export interface Deadline {
  /** Aborts when work on the server has to stop. */
  readonly work: AbortSignal;
  /** Aborts when the invocation itself is about to end. */
  readonly notify: AbortSignal;
  /** Whether there is still time to begin another batch and to verify it afterwards. */
  mayAct(): boolean;
  /** Milliseconds left for work on the server, never below 0. */
  workLeftMs(): number;
  /** Milliseconds left for notifying, never below 0. */
  notifyLeftMs(): number;
  /** Frees the timers. */
  end(): void;
}

const share = { verify: 0.15, notify: 0.25, margin: 0.02 } as const;
const mostMs = { verify: 8_000, notify: 12_000, margin: 500 } as const;

/** Divides the time left: first for the snapshot and ending, then to verify, then to notify, and a margin to end well. */
export function createDeadline(remainingMs: number, now: () => number): Deadline {
  const leftMs = Math.max(0, remainingMs);
  const part = (name: keyof typeof share) => Math.min(mostMs[name], leftMs * share[name]);
  const end = now() + leftMs;
  const notifyBy = end - part('margin');
  const workBy = notifyBy - part('notify');
  const actBy = workBy - part('verify');
  const work = abortAt(workBy, now);
  const notify = abortAt(notifyBy, now);
  return {
    work: work.signal,
    notify: notify.signal,
    mayAct: () => now() < actBy,
    workLeftMs: () => Math.max(0, workBy - now()),
    notifyLeftMs: () => Math.max(0, notifyBy - now()),
    end: () => {
      work.clear();
      notify.clear();
    },
  };
}

function abortAt(time: number, now: () => number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, time - now()));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
