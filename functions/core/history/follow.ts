import type { Decision } from '../model/plan.ts';
import type { Session, SessionIdentity } from '../model/session.ts';
import { digest } from '../notify/digest.ts';
import type { Outcome } from '../verify.ts';
import { countChosen, countSettled } from './day-counts.ts';
import { dayOf, type Followed, type Ledger, type Settled } from './ledger.ts';
import { isEnded, type Observation } from './observation.ts';
import { programOf } from './program.ts';
import { followRefills } from './refills.ts';

/** So many sessions are followed at a time. */
export const mostFollowed = 1_000;
/** So many that were used again are kept by name. */
export const mostUsedAgain = 20;
/** Counts are kept for so many days. */
export const countsForDays = 35;

/** The ledger after a sweep, and what the sweep found out about sessions that were chosen before. */
export interface FollowedUp {
  readonly ledger: Ledger;
  readonly settled: readonly Settled[];
}

/**
 * Says what became of the followed sessions, then adds those that this sweep chose. `isNewServer`: the server was restarted or
 * is another one, so that none of its sessions is one of before, whatever its number.
 */
export function follow(ledger: Ledger, sweep: Observation, isNewServer: boolean): FollowedUp {
  const past = settleAll(ledger.followed, sweep, isNewServer);
  const known = new Set(past.open.map(keyOf));
  const fresh = sweep.chosen
    .map((decision) => toFollowed(decision, sweep))
    .filter((each) => !known.has(keyOf(each)));
  const results = new Map(sweep.outcomes.map((outcome) => [outcome.session.id, outcome]));
  const now = splitBy([...past.open, ...fresh], (each) =>
    settleByOutcome(each, results.get(each.id), sweep.atMs),
  );
  const settled = [...past.settled, ...now.settled];
  const counted = settled.reduce(countSettled, fresh.reduce(countChosen, ledger.days));
  const followed = {
    followed: now.open,
    days: counted.filter(({ day }) => dayOf(sweep.atMs) - day < countsForDays),
    usedAgain: [...ledger.usedAgain, ...settled.filter(isUsedAgain)].slice(-mostUsedAgain),
    refills: followRefills(ledger.refills, sweep),
  };
  return { ledger: keepFollowed(followed, mostFollowed), settled };
}

/** Follows only those that were chosen last; of the others it is counted that nobody knows. */
export function keepFollowed(ledger: Ledger, most: number): Ledger {
  const tooMany = ledger.followed.slice(0, Math.max(0, ledger.followed.length - most));
  const unfollowed = tooMany.map((each) => settle(each, 'unfollowed', each.chosenAtMs, null));
  return {
    ...ledger,
    followed: ledger.followed.slice(tooMany.length),
    days: unfollowed.reduce(countSettled, ledger.days),
  };
}

interface Split {
  readonly open: readonly Followed[];
  readonly settled: readonly Settled[];
}

function settleAll(followed: readonly Followed[], sweep: Observation, isNewServer: boolean): Split {
  const sessions = new Map(sweep.before.sessions.map((session) => [session.id, session]));
  return splitBy(followed, (each) =>
    // A sweep that was written late knows nothing of what came after it.
    sweep.atMs < each.chosenAtMs
      ? null
      : settleBySession(each, isNewServer ? undefined : sessions.get(each.id), sweep.atMs),
  );
}

function splitBy(followed: readonly Followed[], settleOne: (each: Followed) => Settled | null): Split {
  const all = followed.map((each) => [each, settleOne(each)] as const);
  return {
    open: all.flatMap(([each, settled]) => (settled ? [] : [each])),
    settled: all.flatMap(([, settled]) => (settled ? [settled] : [])),
  };
}

/** Null while the session is as it was. A statement that came to its end by itself is not a session that was used again. */
function settleBySession(each: Followed, now: Session | undefined, atMs: number): Settled | null {
  if (now?.identity.connection !== each.connection) return settle(each, 'left', atMs, null);
  const use = useOf(now.identity);
  if (use === each.use || use === unknownUse) return null;
  if (each.action === 'cancel') return settle(each, 'left', atMs, null);
  return settle(each, 'usedAgain', atMs, Math.max(0, atMs - (now.stateMs ?? 0) - each.chosenAtMs));
}

function settleByOutcome(each: Followed, outcome: Outcome | undefined, atMs: number): Settled | null {
  if (outcome?.session.identity.connection !== each.connection) return null;
  if (isEnded(outcome)) return settle(each, 'ended', atMs, null);
  if (outcome.result === 'already gone') return settle(each, 'left', atMs, null);
  if (outcome.result !== 'changed') return null;
  if (each.action === 'cancel') return settle(each, 'left', atMs, null);
  return settle(each, 'usedAgain', atMs, Math.max(0, atMs - each.chosenAtMs));
}

function settle(each: Followed, fate: Settled['fate'], seenAtMs: number, afterMs: number | null): Settled {
  return { ...each, fate, seenAtMs, afterMs };
}

function isUsedAgain({ fate }: Settled): boolean {
  return fate === 'usedAgain';
}

function toFollowed({ session, rule, verdict }: Decision, { atMs, policy, mode }: Observation): Followed {
  return {
    ...programOf(session),
    ...{ policy, mode, rule: rule ?? '' },
    id: session.id,
    connection: session.identity.connection,
    use: useOf(session.identity),
    action: verdict === 'cancel' ? 'cancel' : 'terminate',
    chosenAtMs: atMs,
    idleMs: session.stateMs ?? 0,
  };
}

/** A session chosen in two modes, or by two rules, is followed for each: what one rule would have done is not what the other would. */
function keyOf({ id, connection, rule, policy, mode }: Followed): string {
  return JSON.stringify([id, connection, rule, policy, mode]);
}

/** Where the server records nothing of the kind. */
const unknownUse = '';

/** What every use of the session changes. Its state is left out, since it is put together from several tables. */
function useOf(identity: SessionIdentity): string {
  const parts = Object.entries(identity)
    .filter(([key, value]) => key !== 'connection' && key !== 'state' && value !== '')
    .map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? unknownUse : digest(parts.sort().join());
}
