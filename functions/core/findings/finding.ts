import type { Severity } from '../report.ts';

/** A diagnosis with its evidence: what is wrong, how it shows, who is to be told, what to change. */
export interface Finding {
  /** Public and stable: `unclosed-connections`; also the anchor in docs/findings.md. */
  readonly code: string;
  readonly severity: Severity;
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** One sentence: what is wrong. */
  readonly title: string;
  /** The numbers it rests on, in a sentence. */
  readonly evidence: string;
  /** What to change, in a sentence or two. */
  readonly advice: string;
}
