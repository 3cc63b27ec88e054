import { toFault } from '../../core/model/fault.ts';
import { toInstant } from '../../core/text/instants.ts';
import type { Deps } from '../deps.ts';
import { type Recalled, recall } from './recall.ts';
import { withinPatience } from './within-patience.ts';

/** The part of the time left for notifying that the sweep may wait for its history: the notification itself needs the rest. */
const recallShare = 1 / 3;

/** Asked for it, waits a bounded time for the history; null where there is none. Never throws. */
export type Recalling = () => Promise<Recalled | null>;

/** Begins to read the history of a target while the sweep is at work on the server. */
export function startRecall(target: string, { history, deadline, now }: Deps): Recalling {
  if (history === null) return () => Promise.resolve(null);
  const patience = new AbortController();
  const reading = recall(history, target, toInstant(now()), patience.signal);
  return async () => {
    const timer = setTimeout(() => patience.abort(), deadline.notifyLeftMs() * recallShare);
    try {
      return await withinPatience(reading, history.where, patience.signal);
    } catch (error) {
      return { history: null, version: null, fault: toFault(error, 'record') };
    } finally {
      clearTimeout(timer);
    }
  };
}
