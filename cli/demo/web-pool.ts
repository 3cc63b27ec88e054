import { setTimeout as wait } from 'node:timers/promises';

/** Sends requests through every connection of a healthy pool until it is stopped, and counts those that fail. */
export class WebPool {
  requests = 0;
  failed = 0;
  #stopped = false;
  readonly #loops: Promise<void>[] = [];

  /** One loop for each request function: a request about every 60 ms, as a busy worker would. */
  constructor(connections: readonly (() => Promise<unknown>)[]) {
    for (const request of connections) this.#loops.push(this.#run(request));
  }

  /** Resolves when the last request has come back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #run(request: () => Promise<unknown>): Promise<void> {
    while (!this.#stopped) {
      this.requests += 1;
      await request().catch(() => (this.failed += 1));
      await wait(60);
    }
  }
}
