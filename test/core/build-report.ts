import { decide } from '../../functions/core/decide/decide.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Session } from '../../functions/core/model/session.ts';
import { type SweepFacts, toReport } from '../../functions/core/to-report.ts';
import { buildPolicy, buildSessions, buildSnapshot } from './build-session.ts';

/** The report of a dry run of `orders` that saw these sessions, by one rule that takes all that are idle. */
export function buildReport(sessions: readonly Partial<Session>[], facts: Partial<SweepFacts> = {}): Report {
  const before = buildSnapshot(buildSessions(sessions));
  return toReport({
    sweepId: 'sweep-1',
    mode: 'dry-run',
    startedAt: '2026-01-01T00:00:00.000Z',
    target: { name: 'orders', engine: 'postgres' },
    lockedOut: false,
    before,
    plan: decide(before, buildPolicy([{}])),
    outcomes: [],
    after: null,
    fault: null,
    ...facts,
  });
}
