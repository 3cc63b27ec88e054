/* eslint-disable no-restricted-globals -- computes with given times, reads no clock */
import * as z from 'zod';
import type { ReadRecord } from '../../contract/sweep-record.ts';
import { formatInstant } from '../notify/sections/format-instant.ts';
import { formatDuration } from '../text/format-duration.ts';
import { toName } from '../text/to-name.ts';

/** The part of a recorded snapshot that tells what else ends sessions. */
const snapshotSchema = z.looseObject({
  startedAt: z.string().nullable().optional(),
  guards: z.looseObject({ limitsMs: z.record(z.string(), z.number()) }).optional(),
});

/** What else may have ended a session. */
export interface OtherCauses {
  /** When the server started anew within the span, or another one took its place; ISO 8601 by the server's clock. */
  readonly restarts: readonly string[];
  /** The server's own time-outs that were switched on, in milliseconds. */
  readonly timeoutsMs: Readonly<Record<string, number>>;
}

/** Starts that differ by less are one: MySQL tells its age in whole seconds. */
const jitterMs = 5_000;

/** Reads restarts and time-outs from the snapshots of recorded sweeps, in their order. */
export function findOtherCauses(records: readonly ReadRecord[]): OtherCauses {
  const snapshots = records.flatMap(({ snapshot }) => {
    const read = snapshotSchema.safeParse(snapshot);
    return read.success ? [read.data] : [];
  });
  const starts = snapshots.flatMap(({ startedAt }) => (startedAt ? [startedAt] : []));
  const limits = Object.entries(snapshots.at(-1)?.guards?.limitsMs ?? {});
  return {
    restarts: starts.filter((start, index) => index > 0 && isAnother(starts[index - 1] ?? start, start)),
    timeoutsMs: Object.fromEntries(limits.filter(([, ms]) => ms > 0)),
  };
}

function isAnother(before: string, now: string): boolean {
  return Math.abs(Date.parse(now) - Date.parse(before)) > jitterMs;
}

/** The causes as sentences for people; one where nothing is known. */
export function describeCauses({ restarts, timeoutsMs }: OtherCauses): readonly string[] {
  const limits = Object.entries(timeoutsMs).map(([name, ms]) => `${toName(name)} = ${formatDuration(ms)}`);
  return [
    ...restarts.map(
      (at) => `The server was restarted, or failed over, at ${formatInstant(at)}: that ended every session.`,
    ),
    ...(limits.length > 0 ? [`The server itself ends silent sessions: ${limits.join(', ')}.`] : []),
    'An administrator, the client, a proxy or the network may have ended it: unleak sees only that it is gone.',
  ];
}
