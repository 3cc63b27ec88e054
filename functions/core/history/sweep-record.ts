import { sweepRecordSchemaName } from '../../contract/sweep-record.ts';
import type { SnapshotFile } from '../../contract/snapshot-file.ts';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { toInstant } from '../text/instants.ts';
import { toSnapshotFile } from '../to-snapshot-file.ts';
import type { Settled } from './ledger.ts';

/** What became known in a sweep of a session that was chosen in this sweep or before. */
export interface RecordedFate {
  readonly id: string;
  readonly connection: string;
  readonly user: string | null;
  readonly application: string | null;
  readonly rule: string;
  readonly mode: string;
  readonly fate: Settled['fate'];
  /** ISO 8601 by unleak's own clock. */
  readonly chosenAt: string;
  readonly idleMs: number;
  readonly afterMs: number | null;
}

/** The notification that went out about a sweep, or why none did. */
export interface RecordedNotification {
  readonly subject: string;
  /** False where nobody took it. */
  readonly isSent: boolean;
}

/** A sweep that had something to say, with all that was seen: one JSON line. */
export interface SweepRecord {
  readonly schema: typeof sweepRecordSchemaName;
  /** ISO 8601 by unleak's own clock. */
  readonly at: string;
  readonly sweepId: string;
  readonly mode: string;
  readonly outcome: string;
  /** Null where subscribers were not notified. */
  readonly notification: RecordedNotification | null;
  readonly fates: readonly RecordedFate[];
  readonly report: Report;
  /** Before anything was ended; null where the server was not reached. Statements are without literals. */
  readonly snapshot: SnapshotFile | null;
}

/** What a record is made from. */
export interface RecordedSweep {
  readonly at: string;
  readonly report: Report;
  readonly before: Snapshot | null;
  readonly settled: readonly Settled[];
  readonly notification: RecordedNotification | null;
}

/** The record of a sweep. */
export function toSweepRecord({ at, report, before, settled, notification }: RecordedSweep): SweepRecord {
  return {
    schema: sweepRecordSchemaName,
    at,
    sweepId: report.sweepId,
    mode: report.mode,
    outcome: report.outcome,
    notification,
    fates: settled.map(toFate),
    report,
    snapshot: before && toSnapshotFile(before),
  };
}

function toFate({
  id,
  connection,
  user,
  application,
  rule,
  mode,
  fate,
  chosenAtMs,
  idleMs,
  afterMs,
}: Settled): RecordedFate {
  return {
    ...{ id, connection, user, application, rule, mode, fate },
    chosenAt: toInstant(chosenAtMs),
    ...{ idleMs, afterMs },
  };
}
