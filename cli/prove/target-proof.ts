import type { Judgement } from '../../functions/core/history/judge-proof.ts';
import type { Proof } from '../../functions/core/history/proof.ts';

/** What is known of one policy on one target. */
export interface PolicyProof {
  /** What the policy is called. */
  readonly label: string;
  /** Whether sweeps decided by it, or it was tried on their snapshots. */
  readonly source: 'ledger' | 'snapshots';
  readonly proof: Proof;
  readonly judgement: Judgement;
}

/** The proofs of one target: the one that counts first. */
export interface TargetProof {
  readonly target: string;
  readonly proofs: readonly PolicyProof[];
}
