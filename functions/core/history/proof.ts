import { wilson } from './wilson.ts';
import { type Choice, type DayCount, dayOf, type Settled } from './ledger.ts';
import type { History } from './history.ts';
import { hourMs } from './hour.ts';
import { programKey } from './program.ts';

/** What became of the sessions of one rule and program that were chosen in a time. */
export interface FateCounts {
  readonly chosen: number;
  /** Ended by unleak. */
  readonly ended: number;
  readonly stillSilent: number;
  readonly left: number;
  readonly usedAgain: number;
  readonly unfollowed: number;
}

/** What is known of a choice: how often it was wrong, and how sure that is. */
export interface ChoiceProof extends Omit<Choice, 'policy'>, FateCounts {
  /** The part used again of those that nobody ended, with its 95 % interval (Wilson), as fractions of 1. */
  readonly rate: { readonly low: number; readonly high: number };
  /** From being chosen to being used again, in milliseconds; null where none was. */
  readonly averageAfterMs: number | null;
  /** With a `for` longer than this, none of those used again would have been chosen, in milliseconds; 0 where none was. */
  readonly longestSilenceMs: number;
}

/** What the ledger says about a policy. */
export interface Proof {
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  /** How long was watched since, in milliseconds, and in how many of its hours there was no sweep. */
  readonly watchedMs: number;
  readonly hoursMissing: number;
  readonly total: ChoiceCounts;
  /** By rule and program: those used again first, then by size. */
  readonly rows: readonly ChoiceProof[];
  /** By rule, in the same order. */
  readonly rules: readonly RuleProof[];
  /** The last ones that were used again. */
  readonly examples: readonly Settled[];
}

/** The same for all programs of one rule together. */
export type RuleProof = ChoiceCounts & Pick<Choice, 'rule' | 'mode'>;

/** The sum of all rows. */
export type ChoiceCounts = FateCounts & Pick<ChoiceProof, 'rate' | 'averageAfterMs' | 'longestSilenceMs'>;

/** Which part of the ledger is asked for. */
export interface Question {
  readonly sinceMs: number;
  readonly nowMs: number;
  /** Only what was chosen by this policy; null: by any. */
  readonly policy: string | null;
}

/** What became of the sessions that were chosen since then; the day of `sinceMs` counts as a whole. */
export function prove(history: History, { sinceMs, nowMs, policy }: Question): Proof {
  const rows = history.ledger.days.filter(
    (row) => row.day >= dayOf(sinceMs) && (policy === null || row.policy === policy),
  );
  const firstMs = Math.min(history.hours[0]?.atMs ?? nowMs, history.points[0]?.atMs ?? nowMs);
  const watchedFromMs = Math.max(sinceMs, firstMs);
  return {
    sinceMs,
    watchedMs: Math.max(0, nowMs - watchedFromMs),
    hoursMissing: countMissing(history, watchedFromMs, nowMs),
    total: toCounts(rows),
    rows: groupBy(rows, ({ rule, mode, ...program }) => [rule, mode, programKey(program)], toProof),
    rules: groupBy(rows, ({ rule, mode }) => [rule, mode], toRuleProof),
    examples: history.ledger.usedAgain.filter(
      (each) => each.chosenAtMs >= sinceMs && (policy === null || each.policy === policy),
    ),
  };
}

function countMissing({ hours }: History, fromMs: number, nowMs: number): number {
  const from = Math.ceil(fromMs / hourMs);
  const until = Math.floor(nowMs / hourMs);
  const there = hours.filter(({ atMs }) => atMs >= from * hourMs && atMs < until * hourMs).length;
  return Math.max(0, until - from - there);
}

function groupBy<T extends FateCounts>(
  rows: readonly DayCount[],
  keyOf: (row: DayCount) => readonly string[],
  toGroup: (first: DayCount, rows: readonly DayCount[]) => T,
): readonly T[] {
  const groups = new Map<string, DayCount[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const all = [...groups.values()].flatMap((some) => (some[0] ? [toGroup(some[0], some)] : []));
  return all.sort((a, b) => b.usedAgain - a.usedAgain || b.chosen - a.chosen);
}

function toProof({ rule, mode, user, application }: DayCount, rows: readonly DayCount[]): ChoiceProof {
  return { rule, mode, user, application, ...toCounts(rows) };
}

function toRuleProof({ rule, mode }: DayCount, rows: readonly DayCount[]): RuleProof {
  return { rule, mode, ...toCounts(rows) };
}

type Counted = 'chosen' | 'ended' | 'left' | 'usedAgain' | 'unfollowed' | 'afterMs';

function toCounts(rows: readonly DayCount[]): ChoiceCounts {
  const sum = (key: Counted) => rows.reduce((all, row) => all + row[key], 0);
  const [chosen, ended, left, usedAgain, unfollowed] = [
    ...[sum('chosen'), sum('ended'), sum('left'), sum('usedAgain'), sum('unfollowed')],
  ] as [number, number, number, number, number];
  return {
    ...{ chosen, ended, left, usedAgain, unfollowed },
    stillSilent: Math.max(0, chosen - ended - left - usedAgain - unfollowed),
    rate: wilson(usedAgain, chosen - ended - unfollowed),
    averageAfterMs: usedAgain === 0 ? null : Math.round(sum('afterMs') / usedAgain),
    longestSilenceMs: rows.reduce((longest, row) => Math.max(longest, row.longestSilenceMs), 0),
  };
}
