import { hourMs } from '../hour.ts';
import type { GrowthCertainty } from './certainty.ts';
import { dateStart } from './dating.ts';
import { hoursToFull } from './full.ts';
import { type Evidence, judgeWindow } from './judge-window.ts';
import type { Signal } from './signal.ts';
import { type Past, toPast } from './usual.ts';
import { windowHours } from './window.ts';

/** A signal that grows beyond what is usual for it. Times are epoch milliseconds by unleak's own clock. */
export interface Growth {
  readonly sinceMs: number;
  /** Slots an hour. */
  readonly rate: number;
  /** How much it is above what is usual. */
  readonly rise: number;
  /** When its maximum is reached, and between when and when. */
  readonly fullAtMs: number;
  readonly fullFromMs: number;
  readonly fullUntilMs: number;
  readonly certainty: GrowthCertainty;
}

/** The range of the time to full, as parts of it: four of five servers were full within it. */
const ranges: Readonly<Record<GrowthCertainty, { readonly low: number; readonly high: number }>> = {
  likely: { low: 0.65, high: 1.6 },
  'very likely': { low: 0.75, high: 1.4 },
  'almost certain': { low: 0.8, high: 1.3 },
};

/** Whether a signal grows, judged with nothing but what was known by `nowMs`; null: it does not, or too little is known. */
export function judgeGrowth(signal: Signal, nowMs: number): Growth | null {
  const past = toPast(signal, nowMs);
  const best = bestEvidence(signal, past);
  return best && toGrowth(signal, past, best);
}

function bestEvidence(signal: Signal, past: Past): Evidence | null {
  return windowHours
    .map((hours) => judgeWindow(signal, past, hours))
    .filter((evidence) => evidence !== null)
    .reduce<Evidence | null>((best, each) => (best && strength(best) >= strength(each) ? best : each), null);
}

function strength({ rise, threshold }: Evidence): number {
  return rise / threshold;
}

function toGrowth(signal: Signal, past: Past, evidence: Evidence): Growth {
  const { nowMs } = past;
  const hoursLeft = hoursToFull(signal, nowMs, evidence.rate, evidence.rise);
  const certainty = toCertainty(evidence);
  const { low, high } = ranges[certainty];
  return {
    sinceMs: nowMs - dateStart(past, evidence) * hourMs,
    rate: evidence.rate,
    rise: evidence.rise,
    fullAtMs: nowMs + hoursLeft * hourMs,
    fullFromMs: nowMs + hoursLeft * low * hourMs,
    fullUntilMs: nowMs + hoursLeft * high * hourMs,
    certainty,
  };
}

function toCertainty(evidence: Evidence): GrowthCertainty {
  const score = strength(evidence);
  return score >= 3 ? 'almost certain' : score >= 2 ? 'very likely' : 'likely';
}
