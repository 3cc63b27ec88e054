import { decide } from '../../functions/core/decide/decide.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { toReport } from '../../functions/core/to-report.ts';
import { buildPolicy, buildSessions, buildSnapshot } from '../core/build-session.ts';

/** The report of a sweep without news, on a server where a protection spares a session that a rule took. */
export function aQuietReport(target: string): Report {
  const before = buildSnapshot(buildSessions([{ state: 'active' }, { advisoryLock: true }]));
  return toReport({
    sweepId: '00000000-0000-4000-8000-000000000000',
    mode: 'enforce',
    startedAt: '2030-01-01T00:00:00.000Z',
    target: { name: target, engine: 'postgres' },
    lockedOut: false,
    before,
    plan: decide(before, buildPolicy([{}])),
    outcomes: [],
    after: null,
    fault: null,
  });
}
