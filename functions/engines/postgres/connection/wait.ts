/** A limit on one wait: its length, the sweep's own deadline, and which error each of them makes. */
export interface WaitLimit {
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Makes the wait pointless, so that nothing of it stays behind: destroys the socket. */
  giveUp(): void;
  expired(): Error;
  aborted(): Error;
}

/** The result of the work, or an error as soon as the limit or the signal ends the wait; a result that comes later is dropped. */
export function waitFor<T>(work: () => Promise<T>, limit: WaitLimit): Promise<T> {
  if (limit.signal.aborted) {
    limit.giveUp();
    return Promise.reject(limit.aborted());
  }
  return new Promise<T>((resolve, reject) => {
    const end = (error: Error): void => {
      reject(error);
      limit.giveUp();
    };
    const onAbort = (): void => end(limit.aborted());
    const timer = setTimeout(() => end(limit.expired()), limit.ms);
    limit.signal.addEventListener('abort', onAbort, { once: true });
    void work()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        limit.signal.removeEventListener('abort', onAbort);
      });
  });
}
