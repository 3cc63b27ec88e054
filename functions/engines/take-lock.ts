import { setTimeout as sleep } from 'node:timers/promises';
import type { LockHolder, SweepLock } from '../core/sweep-lock.ts';

/** A session of our own login that shows the mark of a sweep. */
export interface Rival extends LockHolder {
  /** Whether it goes first where two begin at once. */
  readonly isElder: boolean;
  /** Whether it is a control connection that has been there for longer than two sweeps can last. */
  readonly isHanging: boolean;
}

/** Who shows the mark of a sweep beside us. */
export interface Holders {
  readonly rivals: readonly Rival[];
  readonly strangers: readonly LockHolder[];
}

/** What an engine has to do so that its sweeps know each other. */
export interface LockSteps {
  /** Makes our session show the mark, which nobody can prevent. */
  raise(): Promise<void>;
  lower(): Promise<void>;
  /** Reads the whole server as it is now, whatever database a session is in. */
  readHolders(): Promise<Holders>;
  /** Ends a control connection that hangs, its identity checked by the statement that ends it; whether it was signalled. */
  end(rival: Rival): Promise<boolean>;
}

const looks = 20;
const pauseMs = 50;

/**
 * Takes the lock of a server. No lock that others can hold decides: a sweep marks its own session, then looks for the mark on other
 * sessions of the same login, and has won only when a look shows none. That is safe however two sweeps race: both are marked before
 * they look, so of two the later one sees the other. Of those that start at once the elder stays and looks again while the
 * others give up; one that has already won does not go away, and then the elder gives up too (decision 43).
 */
export async function takeLock(steps: LockSteps): Promise<SweepLock> {
  await steps.raise();
  const ended = new Map<string, LockHolder>();
  const { rivals, strangers } = await outlastRivals(steps, ended);
  if (rivals.length > 0) await steps.lower();
  return { isTaken: rivals.length === 0, rivals, strangers, ended: [...ended.values()] };
}

/** The same question without the mark: whoever hangs is left for the next sweep that ends sessions, and keeps no dry run out. */
export async function watchLock(steps: Pick<LockSteps, 'readHolders'>): Promise<SweepLock> {
  const holders = await steps.readHolders();
  const rivals = holders.rivals.filter(({ isHanging }) => !isHanging);
  return { isTaken: rivals.length === 0, rivals, strangers: holders.strangers, ended: [] };
}

async function outlastRivals(steps: LockSteps, ended: Map<string, LockHolder>): Promise<Holders> {
  for (let look = 1; ; look++) {
    const holders = await steps.readHolders();
    const { rivals } = holders;
    await endHanging(steps, rivals, ended);
    const hasElder = rivals.some(({ id, isElder }) => isElder && !ended.has(id));
    if (rivals.length === 0 || hasElder || look === looks) return holders;
    await sleep(pauseMs); // the next question notices an abort, at most this much later
  }
}

async function endHanging(
  steps: LockSteps,
  rivals: readonly Rival[],
  ended: Map<string, LockHolder>,
): Promise<void> {
  for (const rival of rivals)
    if (rival.isHanging && !ended.has(rival.id) && (await steps.end(rival))) ended.set(rival.id, rival);
}
