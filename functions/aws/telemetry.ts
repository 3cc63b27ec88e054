import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { metrics as contract } from '../contract/metrics.ts';
import { cleanText } from '../core/clean-text.ts';
import type { Fault } from '../core/faults.ts';
import type { Report } from '../core/report.ts';
import type { Telemetry } from './ports.ts';

/** Decisions in one log line: a CloudWatch event holds 256 KiB, a decision takes at most about 2 KiB. */
const decisionsPerLine = 80;

/** Structured log and EMF metrics through Powertools, on standard output as Lambda collects it. */
export function createTelemetry(sweepId: string): Telemetry {
  const logger = new Logger({ serviceName: 'unleak', persistentKeys: { sweepId } });
  return {
    record(report, durationMs) {
      logReport(logger, report);
      emitMetrics(report, durationMs);
    },
    fault(fault) {
      logger.error(fault.message, { fault: describeFault(fault) });
    },
  };
}

/** A report of thousands of sessions spans several lines; `part` and `sweepId` put it together again. */
function logReport(logger: Logger, report: Report): void {
  const { decisions, outcomes, ...summary } = report;
  logger.info(`sweep ${report.outcome}`, { report: summary });
  for (let start = 0; start < decisions.length; start += decisionsPerLine)
    logger.info('decisions', { part: start, decisions: decisions.slice(start, start + decisionsPerLine) });
  const perLine = decisionsPerLine * 20;
  for (let start = 0; start < outcomes.length; start += perLine)
    logger.info('outcomes', { part: start, outcomes: outcomes.slice(start, start + perLine) });
}

/** A fault and its causes; of a cause only what can hold no secret: name, code and stack without its message line. */
function describeFault(fault: Fault): Record<string, unknown> {
  const { name, code, step, actor, message } = fault;
  return { name, code, step, actor, message, cause: describeCause(fault.cause, 0) };
}

function describeCause(cause: unknown, depth: number): unknown {
  if (!(cause instanceof Error) || depth > 3) return undefined;
  const code = 'code' in cause ? String(cause.code) : undefined;
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const stack = frames.slice(0, 10).map((line) => cleanText(line.trim(), 300));
  return { name: cause.name, code, stack, cause: describeCause(cause.cause, depth + 1) };
}

function emitMetrics(report: Report, durationMs: number): void {
  const emitter = new Metrics({
    namespace: contract.namespace,
    defaultDimensions: { [contract.dimension]: report.target.name },
  });
  const { names } = contract;
  const count = (name: string, value: number) => emitter.addMetric(name, MetricUnit.Count, value);
  count(names.fault, report.fault ? 1 : 0);
  count(names.swept, report.fault || report.outcome === 'locked-out' ? 0 : 1);
  emitter.addMetric(names.duration, MetricUnit.Milliseconds, durationMs);
  if (report.before) {
    const { maxConnections, states, longestIdleMs } = report.before;
    const now = report.after ?? report.before;
    count(names.connections, now.used);
    count(names.maxConnections, maxConnections);
    emitter.addMetric(names.utilization, MetricUnit.Percent, now.utilization * 100);
    count(names.idle, states['idle'] ?? 0);
    count(
      names.idleInTransaction,
      (states['idle in transaction'] ?? 0) + (states['idle in transaction (aborted)'] ?? 0),
    );
    emitter.addMetric(names.longestIdle, MetricUnit.Seconds, (longestIdleMs ?? 0) / 1_000);
    count(names.chosen, report.verdicts.terminate + report.verdicts.cancel);
    count(names.spared, report.verdicts.spared + report.verdicts.capped);
    count(names.protected, report.verdicts.protected);
    count(names.terminated, report.results.terminated ?? 0);
    count(names.cancelled, report.results.cancelled ?? 0);
    count(names.refused, report.results.refused ?? 0);
  }
  emitter.publishStoredMetrics();
}
