import type { Tally } from './tally-of.ts';

/** What did not work, in a few words each, the gravest first: `2 refused`. */
export function troublesOf(tally: Tally): string[] {
  const troubles: [number, string][] = [
    [tally.refused, 'refused'],
    [tally.survived, 'survived'],
    [tally.stillRunning, 'still running'],
    [tally.late, 'late'],
    [tally.skipped, 'not tried'],
    [tally.unverified, 'not verified'],
  ];
  return troubles.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}
