/** A part of an e-mail under a heading; without lines it is left out. */
export interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
}
