import { setTimeout as wait } from 'node:timers/promises';
import type { ObjectStore } from '../../aws/ports.ts';
import { fitHistory } from '../../core/history/fit-history.ts';
import { emptyHistory, type History } from '../../core/history/history.ts';
import { stateKey } from '../../core/history/layout.ts';
import { Fault, toFault } from '../../core/model/fault.ts';
import { toGzip } from './compress.ts';
import { type Recalled, recall } from './recall.ts';

/** So often a write is tried again, on what another writer left. */
const mostTries = 10;
/** Of two writers that meet, each waits another while. */
const pauseMs = 15;

/** What is written, and onto what. */
export interface Keeping {
  readonly store: ObjectStore;
  readonly target: string;
  readonly recalled: Recalled;
  /** Adds this sweep to a history; asked again with another one where somebody else wrote in between. */
  readonly change: (history: History) => History;
  /** ISO 8601, for what has to be set aside. */
  readonly now: string;
  readonly signal: AbortSignal;
}

/** Writes a target's history, so that two writers lose nothing of each other; never throws. */
export async function keep(keeping: Keeping): Promise<Fault | null> {
  const { store, target, change, now, signal } = keeping;
  let { recalled } = keeping;
  try {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const bytes = toGzip(fitHistory(change(recalled.history ?? emptyHistory)));
      const answer = await store.put(stateKey(target), bytes, recalled.version, signal);
      if (answer === 'written') return null;
      await wait(pauseMs * tries * (0.5 + Math.random()), undefined, { signal });
      recalled = await recall(store, target, now, signal);
      if (recalled.history === null) return recalled.fault;
    }
    return overtaken(store, target);
  } catch (error) {
    return toFault(error, 'record');
  }
}

function overtaken({ where }: ObjectStore, target: string): Fault {
  return new Fault({
    code: 'publish.history',
    step: 'record',
    message: `The history of ${target} in ${where} could not be written: others wrote it ${mostTries} times meanwhile. The same news may be sent twice.`,
  });
}
