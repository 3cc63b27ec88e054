import { cleanText } from '../text/clean-text.ts';
import type { LostLocks } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { nameGroup, type Situation, whoOf } from './situation.ts';

/** With fewer than this part of the recorded locks that are shown, somebody is hardly who filled the record. */
const leastShare = 0.1;

/** A server that had no room to record locks: every session may hold one, and so every session is spared. */
export function findLostLocks({ snapshot: { lostLocks } }: Situation): Finding[] {
  if (!lostLocks) return [];
  const [first] = lostLocks.holders;
  return [
    {
      ...{ code: 'lost-locks', severity: 'critical', certainty: 'certain' },
      ...(first && first.locks >= 10 && { who: whoOf(first) }),
      title: 'unleak is blind: the server had no room to record locks, so every session is spared.',
      evidence: `${lostLocks.lost} locks were not recorded (Performance_schema_metadata_lock_lost). ${describeHolders(lostLocks)}`,
      advice:
        'End who holds so many (KILL). Let sessions that were connected meanwhile reconnect, since a lock that was not recorded never shows. Then, as an administrator: FLUSH STATUS. It forgets the loss without a restart; sessions that have rested since before it stay spared.',
    },
  ];
}

function isMany(locks: number, { holders }: LostLocks): boolean {
  return locks >= leastShare * holders.reduce((sum, each) => sum + each.locks, 0);
}

function describeHolders(lostLocks: LostLocks): string {
  const many = lostLocks.holders.filter(({ locks }) => locks >= 10 && isMany(locks, lostLocks));
  if (many.length === 0) return 'No session holds many now.';
  const each = many.map(
    (holder) => `${holder.locks} by session ${cleanText(holder.id, 24)} of ${nameGroup(holder)}`,
  );
  return `Of those that were, most are held: ${each.join('; ')}.`;
}
