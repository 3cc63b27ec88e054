import type { AppLogin } from '../app-connection.ts';

/** What a killer works with: the wire to the server, and what counts as leaked. */
export interface Hunt {
  /** Ours, over the wire under test. */
  readonly login: AppLogin;
  readonly thresholdMs: number;
  readonly signal: AbortSignal;
  /** To be called once everything is prepared: the counting begins. */
  readonly begin: () => void;
}

/** What a killer says that it did; null where it says nothing. */
export interface Claim {
  readonly rounds: number;
  readonly ended: number | null;
  /** Sessions that it chose and then left alone, because they had woken up. */
  readonly spared: number | null;
}

/** Ends idle sessions until it is told to stop. */
export type Killer = (hunt: Hunt) => Promise<Claim>;
