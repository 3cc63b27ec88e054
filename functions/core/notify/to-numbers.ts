import type { MetricKey } from '../../contract/metrics.ts';
import type { Report } from '../model/report.ts';

/** The numbers of a report by the key of their metric, after the sweep where it acted; few where it never saw the server. */
export function toNumbers(report: Report, durationMs: number): Partial<Record<MetricKey, number>> {
  const { before, after, verdicts, results, fault, outcome } = report;
  // A fault is counted where it is known, also one that comes after the report; this says that there was none so far.
  const always = { fault: 0, swept: fault || outcome === 'locked-out' ? 0 : 1, duration: durationMs };
  if (before === null) return always;
  const { maxConnections, states, longestIdleMs } = before;
  const now = after ?? before;
  return {
    ...always,
    connections: now.used,
    maxConnections,
    utilization: Math.round(now.utilization * 10_000) / 100,
    idle: states['idle'] ?? 0,
    idleInTransaction: (states['idle in transaction'] ?? 0) + (states['idle in transaction (aborted)'] ?? 0),
    longestIdle: (longestIdleMs ?? 0) / 1_000,
    chosen: verdicts.terminate + verdicts.cancel,
    spared: verdicts.spared + verdicts.capped,
    protected: verdicts.protected,
    terminated: results.terminated ?? 0,
    cancelled: results.cancelled ?? 0,
    refused: results.refused ?? 0,
  };
}
