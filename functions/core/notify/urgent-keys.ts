import type { Report } from '../model/report.ts';
import { openWaits } from './notification-key.ts';

/**
 * What of a report is urgent: people who wait, a full server, a fault. Each is named by what nobody chooses freely: the
 * user and not the application, so that whoever makes noise under new names uses up his own urgency only.
 */
export function urgentKeysOf(report: Report, waitIsOver: boolean): readonly string[] {
  const waits = openWaits(report).map(
    ({ roots: [root] }) => `waiting: ${report.severity}, ${root?.user ?? ''}`,
  );
  const isFull = report.findings.some(
    ({ code, severity }) => code === 'near-capacity' && severity === 'critical',
  );
  return [
    ...new Set(waits),
    ...(waitIsOver ? ['nobody waits'] : []),
    ...(isFull ? ['full'] : []),
    ...(report.fault ? [`fault: ${report.fault.code}`] : []),
  ].map((key) => key.slice(0, 100));
}
