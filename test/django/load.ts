import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const readers = 6;
/** Between two requests of a reader, so that connections rest now and then as they do in life. */
const pauseMs = 25;

/** Readers of a page that go on until they are stopped, and what became of their requests. */
export interface Load {
  requests(): number;
  /** What the failed ones got instead of a page. */
  failures(): readonly string[];
  stop(): Promise<void>;
}

/** Starts a steady load on a page. */
export function startLoad(url: string): Load {
  let requests = 0;
  let goesOn = true;
  const failures: string[] = [];
  const read = async () => {
    while (goesOn) {
      const status = await getStatus(url);
      requests += 1;
      if (status !== 200) failures.push(String(status));
      await wait(pauseMs);
    }
  };
  const all = Array.from({ length: readers }, read);
  return {
    requests: () => requests,
    failures: () => failures,
    stop: async () => {
      goesOn = false;
      await Promise.all(all);
    },
  };
}

/** The status of one request on a connection of its own, or the error's code. */
export function getStatus(url: string): Promise<number | string> {
  return new Promise((resolve) => {
    get(url, { agent: false, timeout: 30_000 }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    })
      .once('timeout', () => resolve('timeout'))
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
