import type { Report } from '../model/report.ts';
import { isBlind } from './is-blind.ts';

/** Whether a sweep had nothing to say: its numbers are all that is logged of it. */
export function isQuiet(report: Report): boolean {
  const { outcome, severity, waiting } = report;
  return outcome === 'quiet' && severity === 'info' && waiting.length === 0 && !isBlind(report);
}

const mostReasons = 3;

/** The little that a log keeps of every sweep beside its numbers. */
export function toBrief(report: Report): Readonly<Record<string, unknown>> {
  const { sweepId, outcome, severity, mode, findings } = report;
  const codes = [...new Set(findings.map(({ code }) => code))].slice(0, mostReasons);
  return {
    ...{ sweepId, outcome, severity, mode },
    ...(codes.length > 0 && { findings: codes }),
    ...toKept(report),
  };
}

/** What kept sessions that a rule took, and how many, the most frequent first: `{ "advisory-lock": 3 }`. */
function toKept({ decisions }: Report): { readonly kept?: Readonly<Record<string, number>> } {
  const counts = new Map<string, number>();
  for (const { verdict, protection } of decisions) {
    const by = protection ?? verdict;
    if (verdict === 'protected' || verdict === 'spared' || verdict === 'capped')
      counts.set(by, (counts.get(by) ?? 0) + 1);
  }
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostReasons);
  return most.length === 0
    ? {}
    : { kept: Object.fromEntries(most.map(([by, count]) => [by.slice(0, 40), count])) };
}
