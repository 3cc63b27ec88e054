import { randomUUID } from 'node:crypto';
import type { Message } from '../../functions/core/notify/to-message.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import type { DemoLogin } from './estate.ts';

/** The line of data with local parts where AWS would be: the secret is the demo's own, the notice is kept. */
export interface LocalParts {
  readonly deps: Deps;
  /** What subscribers would have received. */
  readonly messages: readonly Message[];
}

/** Parts for one sweep of a demo server, which may take half a minute. */
export function createLocalParts(login: DemoLogin): LocalParts {
  const messages: Message[] = [];
  const deps: Deps = {
    secrets: { fetch: () => Promise.resolve(JSON.stringify(login)) },
    notifier: {
      publish: (message) => {
        messages.push(message);
        return Promise.resolve();
      },
    },
    history: null,
    runner: { kind: 'operator', name: 'demo' },
    telemetry: { record: () => undefined, fault: () => undefined },
    loadEngine,
    links: {},
    deadline: createDeadline(30_000, Date.now),
    now: Date.now,
    sweepId: randomUUID(),
  };
  return { deps, messages };
}
