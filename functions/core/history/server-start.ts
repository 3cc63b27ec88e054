/* eslint-disable no-restricted-globals -- computes with given times, reads no clock */
import type { Snapshot } from '../model/snapshot.ts';

/** MySQL tells its age in whole seconds, so the computed start varies a little. */
const jitterMs = 5_000;

/** When the server started, epoch milliseconds by its own clock; null where it is not known. */
export function toServerStart({ startedAt }: Snapshot): number | null {
  const startMs = Date.parse(startedAt ?? '');
  return Number.isNaN(startMs) ? null : startMs;
}

/** Whether the server was restarted, or is another one, since its start was last seen: a jump of its clock moves none of them. */
export function isNewServer(lastStartMs: number | null, snapshot: Snapshot): boolean {
  const startMs = toServerStart(snapshot);
  return lastStartMs !== null && startMs !== null && Math.abs(startMs - lastStartMs) > jitterMs;
}
