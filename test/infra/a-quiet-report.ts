import type { Report } from '../../functions/core/model/report.ts';
import { buildReport } from '../core/build-report.ts';

/** The report of a sweep without news, on a server where a protection spares a session that a rule took. */
export function aQuietReport(target: string): Report {
  return buildReport([{ state: 'active' }, { advisoryLock: true }], {
    sweepId: '00000000-0000-4000-8000-000000000000',
    mode: 'enforce',
    startedAt: '2030-01-01T00:00:00.000Z',
    target: { name: target, engine: 'postgres' },
  });
}
