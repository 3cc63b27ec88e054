import { quietFor } from '../history/judge-proof.ts';
import type { Refill } from '../history/ledger.ts';
import { programKey } from '../history/program.ts';
import type { Finding } from './finding.ts';
import { nameGroup, type Situation, whoOf } from './situation.ts';

/** So many endings in a row have to be filled up again: once may be a deploy. */
const leastRounds = 3;
/** So much of what was ended has to be opened again at once. */
const leastShare = 0.8;
/** One session that comes back may be anybody's. */
const leastEnded = 2;

/** Programs that open again at once what unleak ended, time after time: live pools, not leaks. */
export function findEndedPools({ refills = [], plan }: Situation): Finding[] {
  return groupRefills(refills).flatMap((rounds) => {
    const last = rounds.slice(-leastRounds);
    const [first] = last;
    if (!first || last.length < leastRounds || !last.every(isRefilled)) return [];
    return [toFinding(first, last, longestOf(first, plan))];
  });
}

function groupRefills(refills: readonly Refill[]): readonly (readonly Refill[])[] {
  const groups = new Map<string, Refill[]>();
  for (const refill of refills) {
    if (refill.reopened === null) continue;
    const key = `${refill.rule} ${programKey({ user: refill.user, application: refill.application })}`;
    const group = groups.get(key);
    if (group) group.push(refill);
    else groups.set(key, [refill]);
  }
  return [...groups.values()];
}

function isRefilled({ ended, reopened }: Refill): boolean {
  return ended >= leastEnded && (reopened ?? 0) >= ended * leastShare;
}

/** How long the sessions rest that the rule chooses of this program, in milliseconds. */
function longestOf({ rule, user }: Refill, { decisions }: Situation['plan']): number {
  return decisions
    .filter(({ session, rule: by }) => by === rule && session.user === user)
    .reduce((longest, { session }) => Math.max(longest, session.stateMs ?? 0), 0);
}

function toFinding({ user, application, rule }: Refill, last: readonly Refill[], longestMs: number): Finding {
  const who = { user, application, client: null };
  const rounds = last
    .map(({ ended, reopened }) => `${ended} ended, ${reopened ?? 0} opened again`)
    .join('; ');
  const longer =
    longestMs > 0 ? `, or a \`for\` above ${quietFor(longestMs)}, the longest rest of its sessions now` : '';
  return {
    code: 'ended-pool',
    severity: 'warning',
    certainty: 'likely',
    who: whoOf(who),
    title: `The sessions of ${nameGroup(who)} that unleak ends are a live pool, not a leak.`,
    evidence: `Within a minute of each of the last ${last.length} endings the program opened as many sessions as it had lost: ${rounds}.`,
    advice: `Give the rule ${rule} the preset of this pool instead (docs/presets.md; it ends only what the pool checks before use)${longer}. Or make the pool smaller.`,
  };
}
