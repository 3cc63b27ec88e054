/** Addresses that a notice may point to; each line is left out where its address is not known. */
export interface Links {
  /** The folder of runbook.md and findings.md, without a slash at its end. */
  readonly docs?: string;
  readonly dashboard?: string;
  readonly logs?: string;
  /** The whole report in the history. */
  readonly report?: string;
}
