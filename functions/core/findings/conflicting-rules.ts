import type { Finding } from './finding.ts';
import type { Situation } from './situation.ts';

/** Rules of our own policy that may end what a program still uses, as its presets tell. */
export function findHastyRules({ warnings = [] }: Situation): Finding[] {
  return warnings.map((warning) => ({
    code: 'conflicting-rules',
    severity: 'warning',
    certainty: 'certain',
    title: "unleak's own policy contradicts what it says about a program.",
    evidence: warning,
    advice: 'Change the rule in unleak.yaml, or the setting of the preset if the program was changed.',
  }));
}
