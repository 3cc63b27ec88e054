import { type SnapshotFile, snapshotFileSchemaName } from '../contract/snapshot-file.ts';
import type { Snapshot } from './model/snapshot.ts';

/** A snapshot as the file that `simulate` and `explain` read; every fact is written, null where it is unknown. */
export function toSnapshotFile({
  engine,
  version,
  takenAt,
  startedAt,
  capacity,
  sessions,
  missing,
  detached,
  guards,
}: Snapshot): SnapshotFile {
  return {
    schema: snapshotFileSchemaName,
    ...{ engine, version, takenAt },
    ...(startedAt !== undefined && { startedAt }),
    capacity: { ...capacity, limits: [...capacity.limits] },
    sessions: sessions.map((session) => ({
      ...session,
      blocks: session.blocks && [...session.blocks],
    })),
    missing: [...missing],
    ...(detached !== undefined && {
      detached: detached && detached.map((entry) => ({ ...entry, blocks: [...entry.blocks] })),
    }),
    ...(guards && { guards: { limitsMs: guards.limitsMs, exempt: [...guards.exempt] } }),
  };
}
