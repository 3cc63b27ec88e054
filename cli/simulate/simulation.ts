import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Plan } from '../../functions/core/model/plan.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import type { FiledSnapshot } from '../snapshots/read-snapshots.ts';

/** What a policy, and perhaps a second one, makes of one snapshot. */
export interface Simulation extends FiledSnapshot {
  readonly plan: Plan;
  readonly against: Plan | null;
}

/** The engine, its version and the time, as far as the file has them. */
export function describeServer({ engine, version, takenAt }: Snapshot): string {
  const known = [
    version === 'unknown' ? engine : `${engine} ${version}`,
    ...(takenAt === 'unknown' ? [] : [takenAt]),
  ];
  return cleanText(known.join(', '));
}
