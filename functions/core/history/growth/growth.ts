import { hourMs } from '../hour.ts';
import { dateStart } from './dating.ts';
import { type Evidence, judgeWindow } from './judge-window.ts';
import type { Signal } from './signal.ts';
import { type Past, toPast } from './usual.ts';
import { windowHours } from './window.ts';

/** How sure a forecast is. A percentage would claim more than anybody knows. */
export const certainties = ['likely', 'very likely', 'almost certain'] as const;
export type GrowthCertainty = (typeof certainties)[number];

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

/** The range of the time to full, as parts of it. */
const range = { low: 0.85, high: 1.25 };

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
  const hoursLeft = hoursToFull(signal, past, evidence);
  return {
    sinceMs: nowMs - dateStart(past, evidence) * hourMs,
    rate: evidence.rate,
    rise: evidence.rise,
    fullAtMs: nowMs + hoursLeft * hourMs,
    fullFromMs: nowMs + hoursLeft * range.low * hourMs,
    fullUntilMs: nowMs + hoursLeft * range.high * hourMs,
    certainty: toCertainty(evidence),
  };
}

function hoursToFull({ max, used }: Signal, _past: Past, { rate }: Evidence): number {
  return Math.max(0, (max - used) / rate);
}

function toCertainty(evidence: Evidence): GrowthCertainty {
  const score = strength(evidence);
  return score >= 3 ? 'almost certain' : score >= 2 ? 'very likely' : 'likely';
}
