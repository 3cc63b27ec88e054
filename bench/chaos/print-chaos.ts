import { type Judgement, killsIn, wrongIn } from './judge.ts';
import type { ChaosResult, Phase } from './run-chaos.ts';

/** A table of what the applications said, for people. */
export function toChaosLines({ order, version, phases }: ChaosResult): readonly string[] {
  const { kind, sessions, thresholdMs, rttMs } = order;
  return [
    '',
    `${kind} ${version}: ${sessions} sessions, pauses ${thresholdMs * 0.75}-${thresholdMs * 1.25} ms around a threshold of ${thresholdMs} ms, ${rttMs} ms round trip`,
    toRow(['', 'ends', 'right', 'crossed', 'doubtful', 'read', 'early', 'lost', 'wrong', 'in 10,000']),
    ...phases.map(toPhaseRow),
    ...phases.map(toNote),
  ];
}

function toPhaseRow({ killer, tally }: Phase): string {
  const count = (judgement: Judgement) => tally.judgements[judgement];
  const [kills, wrong] = [killsIn(tally), wrongIn(tally)];
  const names = ['right', 'crossed', 'doubtful', 'read', 'early', 'lost'] as const;
  const counts = [...names.map(count), wrong];
  return toRow([killer, kills, ...counts, kills === 0 ? '-' : ((wrong / kills) * 10_000).toFixed(1)]);
}

function toNote({ killer, tally, claim, tookMs }: Phase): string {
  const ages = tally.wrong.map(({ answeredAgoMs }) => answeredAgoMs);
  const early =
    ages.length === 0 ? '' : `; wrong ones had their last answer ${Math.min(...ages)} ms before, at least`;
  const crossed =
    tally.crossed.length === 0
      ? ''
      : `; a crossing statement learnt of its end within ${Math.max(...tally.crossed.map(({ learntMs }) => learntMs)).toFixed(1)} ms`;
  const logins =
    tally.failedLogins.length === 0
      ? ''
      : `; ${tally.failedLogins.length} logins failed (${tally.failedLogins[0] ?? ''})`;
  const says = claim.ended === null ? '' : `; says ${claim.ended} ended`;
  const spared = claim.spared === null ? '' : `, ${claim.spared} left alone since they woke up or left`;
  const seconds = (tookMs / 1_000).toFixed(0);
  return `  ${killer}: ${seconds} s, ${claim.rounds} rounds, ${tally.transactions} transactions${says}${spared}${early}${crossed}${logins}; judges stalled ${tally.stallMs.toFixed(0)} ms at most`;
}

function toRow(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => (index === 0 ? String(cell).padEnd(26) : String(cell).padStart(9)))
    .join('');
}
