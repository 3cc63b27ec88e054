import type { Finding } from '../findings/finding.ts';
import { groupBy } from '../group-by.ts';

/** A change, and all findings that ask for it: several programs of one user, mostly. */
export interface Change {
  readonly code: Finding['code'];
  readonly advice: string;
  readonly findings: readonly Finding[];
  /** What stands before the advice. */
  readonly heading: string;
}

/** The changes that the findings ask for, each once, in the order in which they first appear. */
export function toChanges(findings: readonly Finding[]): Change[] {
  const keyOf = ({ code, severity, certainty, advice }: Finding) =>
    JSON.stringify([code, severity, certainty, advice]);
  return [...groupBy(findings, keyOf).values()].flatMap((alike) => {
    const [first] = alike;
    return first
      ? [{ code: first.code, advice: first.advice, findings: alike, heading: headingFor(alike.length) }]
      : [];
  });
}

function headingFor(count: number): string {
  if (count === 1) return 'What to do';
  return count === 2 ? 'What to do about both' : `What to do about all ${count}`;
}
