import type { Report, ReportedDecision } from '../../../functions/core/model/report.ts';
import { hostile } from './hostile-report.ts';
import { ended, session } from './reports.ts';

const verdicts = ['terminate', 'protected', 'capped', 'spared', 'cancel'] as const;

/** A report of so many sessions, each of its own user, application and client, whose names come from `textOf`. */
export function manySessions(count: number, textOf: (index: number) => string): Report {
  const decisions = Array.from({ length: count }, (_, index): ReportedDecision => {
    const text = textOf(index);
    const names = { user: text, database: text, application: text, client: text, statement: text.repeat(3) };
    return {
      session: session({ id: `${index}`, ...names, blocks: [`${index + 1}`] }),
      verdict: verdicts[index % 5] ?? 'terminate',
      rule: 'celery-leak',
      protection: index % 5 === 1 ? 'listen' : null,
      reason: text,
    };
  });
  const groups = decisions
    .filter(({ verdict }) => verdict === 'terminate')
    .map(({ session }) => ({ ...session, rule: 'celery-leak', sessions: 1, longestMs: 5 }));
  const outcomes = decisions
    .filter(({ verdict }) => verdict === 'terminate')
    .map(({ session: { id }, rule }, index) => {
      const isRefused = index % 2 === 0;
      return {
        id,
        rule,
        result: isRefused ? ('refused' as const) : ('terminated' as const),
        code: isRefused ? textOf(index) : null,
      };
    });
  const { findings, missing, target, before, fault } = hostile(textOf(0));
  const limits = before?.limits.flatMap((limit) => Array.from({ length: 500 }, () => limit)) ?? [];
  const full = before && { ...before, limits };
  return {
    ...ended,
    outcome: 'fault',
    target,
    before: full,
    after: full,
    decisions,
    groups,
    outcomes,
    findings,
    missing,
    fault,
  };
}
