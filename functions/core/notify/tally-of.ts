import type { Report } from '../model/report.ts';
import type { Result } from '../verify.ts';

/** What a report says in numbers. */
export interface Tally {
  /** Chosen sessions, and of them those to be ended and those whose statement is to be cancelled. */
  readonly chosen: number;
  readonly terminate: number;
  readonly cancel: number;
  readonly terminated: number;
  readonly cancelled: number;
  /** Terminated and cancelled. */
  readonly done: number;
  /** Gone or in use again before their turn. */
  readonly left: number;
  /** Left alone since the server was too busy to be sure of them. */
  readonly late: number;
  readonly refused: number;
  readonly survived: number;
  /** Cancelled in vain: the same statement runs on. */
  readonly stillRunning: number;
  readonly skipped: number;
  readonly unverified: number;
}

/** Counts what was chosen and what became of it. */
export function tallyOf({ verdicts, results }: Report): Tally {
  const of = (result: Result): number => results[result] ?? 0;
  return {
    chosen: verdicts.terminate + verdicts.cancel,
    terminate: verdicts.terminate,
    cancel: verdicts.cancel,
    terminated: of('terminated'),
    cancelled: of('cancelled'),
    done: of('terminated') + of('cancelled'),
    left: of('already gone') + of('changed'),
    late: of('late'),
    refused: of('refused'),
    survived: of('survived'),
    stillRunning: of('still running'),
    skipped: of('skipped'),
    unverified: of('unverified'),
  };
}
