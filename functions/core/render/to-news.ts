import type { Telling } from '../../contract/event.ts';
import type { Report, ReportedGroup, SweepOutcome } from '../report.ts';
import { isBlind } from './is-blind.ts';

/** The last news that subscribers were told of a target. */
export interface Told {
  readonly newsKey: string;
  /** ISO 8601. */
  readonly toldAt: string;
  readonly outcome: SweepOutcome;
}

/** The key of every report that holds no news. */
const noNews = 'no news';

/** Outcomes whose notice already said that the matter was settled or planned: rules that do their work day by day. */
const routine: readonly SweepOutcome[] = ['ended', 'would-end'];

/** A key that stays equal while the news is the same: not the numbers, clients, ids and times, but who leaks by which rule, and what is wrong. */
export function newsKeyOf(report: Report): string {
  if (!isNews(report)) return noNews;
  const { outcome, severity, groups, findings, missing, fault } = report;
  return JSON.stringify([
    outcome,
    severity,
    sortedSet(groups.map(leakerOf)),
    sortedSet(findings.map(({ code }) => code)),
    sortedSet(missing.map(({ prevents, what }) => `${prevents}: ${what}`)),
    fault?.code ?? null,
  ]);
}

/**
 * Whether subscribers hear of a sweep, given the last news they were told and the time in ISO 8601. By `change`, the
 * same news is told again after the cool-down. Recovery from trouble is told at once, from sessions that were or would
 * be ended only after the cool-down, so that a leak that is mended every few minutes is not told as often.
 */
export function shouldTell(
  report: Report,
  past: Told | null,
  telling: Telling,
  now: string,
): 'tell' | 'tell-recovery' | 'keep-quiet' {
  if (telling.when === 'always') return 'tell';
  if (report.outcome === 'locked-out' && report.severity === 'info') return 'keep-quiet';
  if (telling.when === 'action') return report.outcome === 'quiet' ? 'keep-quiet' : 'tell';
  const isPast = past !== null && hasCooledDown(past.toldAt, telling.coolDownMs, now);
  const key = newsKeyOf(report);
  if (key === noNews) return past && isRecovery(past, isPast) ? 'tell-recovery' : 'keep-quiet';
  return past?.newsKey !== key || isPast ? 'tell' : 'keep-quiet';
}

function isNews(report: Report): boolean {
  if (report.outcome === 'locked-out') return report.severity !== 'info'; // one that hangs, or who is no sweep
  return report.outcome !== 'quiet' || report.severity !== 'info' || isBlind(report);
}

function isRecovery(past: Told, hasCooled: boolean): boolean {
  if (past.newsKey === noNews) return false;
  return hasCooled || !routine.includes(past.outcome);
}

/** Numbers in application names are often process ids or host numbers: a new one is not news. */
function leakerOf({ rule, user, application, database }: ReportedGroup): string {
  return JSON.stringify([rule, user, application?.replace(/\d+/g, '#') ?? null, database]);
}

function sortedSet(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}

/** An unreadable time counts as long ago: better told twice than never. */
function hasCooledDown(toldAt: string, coolDownMs: number, now: string): boolean {
  // eslint-disable-next-line no-restricted-globals -- parses two given texts, reads no clock
  const { parse } = Date;
  return !(parse(now) - parse(toldAt) < coolDownMs);
}
