import type { Action } from '../../contract/rule.ts';
import type { Mode } from '../../contract/target.ts';
import type { Program } from './program.ts';

/**
 * What became of a session that a rule chose:
 * - `ended`: unleak ended it, or its statement;
 * - `stillSilent`: it is there as it was, and has not been used since;
 * - `left`: it went by itself, or with its server; a chosen statement came to its end by itself;
 * - `usedAgain`: its client used it again, so ending it would have broken something;
 * - `unfollowed`: there were too many to follow, or it outlived the history.
 */
export const fates = ['ended', 'stillSilent', 'left', 'usedAgain', 'unfollowed'] as const;
export type Fate = (typeof fates)[number];

/** By which rule of which policy a session was chosen, and of which program it is. */
export interface Choice extends Program {
  /** A short text that changes with the policy. */
  readonly policy: string;
  readonly rule: string;
  readonly mode: Mode;
}

/** A chosen session of which it is not known yet what becomes of it. */
export interface Followed extends Choice {
  readonly id: string;
  /** The identity's `connection`: another one under the same number is another session. */
  readonly connection: string;
  /** The digest of what stays equal while it is not used. */
  readonly use: string;
  readonly action: Action;
  /** Epoch milliseconds by unleak's own clock. */
  readonly chosenAtMs: number;
  /** How long it had been in its state when it was chosen, in milliseconds. */
  readonly idleMs: number;
}

/** What became of a followed session, once that is known. */
export interface Settled extends Followed {
  readonly fate: Exclude<Fate, 'stillSilent'>;
  /** When the sweep saw it, epoch milliseconds. */
  readonly seenAtMs: number;
  /** From being chosen to being used again, in milliseconds and at most; null for all other fates. */
  readonly afterMs: number | null;
}

/** Counts of one choice on the day on which its sessions were chosen. */
export interface DayCount extends Choice {
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly chosen: number;
  readonly ended: number;
  readonly left: number;
  readonly usedAgain: number;
  readonly unfollowed: number;
  /** Of those used again: from being chosen to being used, in milliseconds, all together. */
  readonly afterMs: number;
  /** Of those used again: the longest silence before it, in milliseconds. A longer `for` would have chosen none of them. */
  readonly longestSilenceMs: number;
}

/** Sessions of one program that a sweep ended, and how many it opened again at once. */
export interface Refill extends Program {
  /** Epoch milliseconds of the ending. */
  readonly atMs: number;
  readonly rule: string;
  readonly ended: number;
  /** Sessions opened within a minute after; null until the next sweep. */
  readonly reopened: number | null;
}

/** Sessions that were ended or would have been, and what became of them. */
export interface Ledger {
  readonly followed: readonly Followed[];
  readonly days: readonly DayCount[];
  /** The last ones that were used again, the oldest first. */
  readonly usedAgain: readonly Settled[];
  readonly refills: readonly Refill[];
}

/** A ledger of nothing. */
export const emptyLedger: Ledger = { followed: [], days: [], usedAgain: [], refills: [] };

const dayMs = 86_400_000;

/** The day of an instant: days since 1970, UTC. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / dayMs);
}
