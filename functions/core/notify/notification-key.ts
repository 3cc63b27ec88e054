import type { Report, ReportedGroup, ReportedGrowth, ReportedWait } from '../model/report.ts';
import { digest } from './digest.ts';
import { isBlind } from './is-blind.ts';

/** The key of every report that holds no news. */
export const noNews = 'no news';

/** A longer key is kept as its beginning and its digest: what is remembered stays small however many leak. */
const longestKey = 1_000;

/**
 * A key that stays equal while the news is the same: not the numbers, clients, ids and times, but who leaks by which
 * rule, who keeps others waiting, and what is wrong.
 */
export function notificationKeyOf(report: Report): string {
  if (!isNews(report)) return noNews;
  const { outcome, severity, groups, findings, missing, fault } = report;
  const key = JSON.stringify([
    outcome,
    severity,
    sortedSet(groups.map(leakerOf)),
    sortedSet(findings.map(({ code }) => code)),
    sortedSet(missing.map(({ prevents, what }) => `${prevents}: ${what}`)),
    fault?.code ?? null,
    ...(report.growing ? [sortedSet(report.growing.map(growerOf))] : []),
    ...(report.waiting.length > 0 ? [sortedSet(report.waiting.map(blockerOf))] : []),
  ]);
  return key.length <= longestKey ? key : `${key.slice(0, 200)}…${digest(key)}`;
}

/** The waits that go on after the sweep. */
export function openWaits({ waiting }: Report): readonly ReportedWait[] {
  return waiting.filter(({ isOver }) => !isOver);
}

function isNews(report: Report): boolean {
  if (report.outcome === 'locked-out') return report.severity !== 'info'; // one that hangs, or who is no sweep
  return report.outcome !== 'quiet' || report.severity !== 'info' || isBlind(report);
}

/** Numbers in application names are often process ids or host numbers: a new one is not news. */
function leakerOf({ rule, user, application, database }: ReportedGroup): string {
  return JSON.stringify([rule, user, withoutNumbers(application), database]);
}

/** Not the pace, the times and how sure it is: they change with every sweep. */
function growerOf({ user, application }: ReportedGrowth): string {
  return JSON.stringify(['grows', user, withoutNumbers(application)]);
}

function blockerOf({ roots }: ReportedWait): string {
  return JSON.stringify(
    roots.map(({ kind, user, session }) => [kind, user, withoutNumbers(session?.application ?? null)]),
  );
}

function withoutNumbers(name: string | null): string | null {
  return name?.replace(/\d+/g, '#') ?? null;
}

function sortedSet(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}
