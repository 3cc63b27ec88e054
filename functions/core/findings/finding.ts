import type { FindingCode } from '../../contract/finding-codes.ts';
import type { Severity } from '../model/severity.ts';

/** Who opened sessions, in texts that are harmless to print; null where it could not be read. */
export interface FindingWho {
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
}

/** A diagnosis with its evidence: what is wrong, its numbers, who should know, what to change. */
export interface Finding {
  /** Public and stable; also the anchor in docs/findings.md. */
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** Who should know: who opened the sessions it speaks of; left out where it speaks of the server. */
  readonly who?: FindingWho;
  /** One sentence: what is wrong. */
  readonly title: string;
  /** The numbers it rests on, in a sentence. */
  readonly evidence: string;
  /** What to change, in a sentence or two. */
  readonly advice: string;
}
