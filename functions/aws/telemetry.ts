import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { metrics as contract } from '../contract/metrics.ts';
import { cleanText } from '../core/text/clean-text.ts';
import type { Fault } from '../core/model/fault.ts';
import { byteSize } from '../core/text/byte-size.ts';
import { toLoggedLists } from '../core/notify/to-log.ts';
import type { Report } from '../core/model/report.ts';
import type { Telemetry } from './ports.ts';

/** A CloudWatch event holds 256 KiB; what is left free is for the keys that Powertools adds. */
const lineBytes = 200_000;
/** An event with mistakes in every rule makes a long message, which is in its line twice. */
const mostOfMessage = 8_000;

/** Structured log and EMF metrics, under the installation's name where it has one, through Powertools, on standard output as Lambda collects it. */
export function createTelemetry(sweepId: string, installation: string | null): Telemetry {
  const logger = new Logger({ serviceName: 'unleak', persistentKeys: { sweepId } });
  return {
    record(report, durationMs) {
      logReport(logger, report);
      emitReport(openMetrics(installation, report.target.name), report, durationMs);
    },
    fault(fault, target) {
      logger.error(cleanText(fault.message, mostOfMessage), { fault: describeFault(fault) });
      if (target !== null) emitFault(openMetrics(installation, target));
    },
  };
}

/**
 * A report of many sessions spans several lines; `sweepId` and `part`, the index of a line's first item, put it together
 * again. What is much is told in groups, so that a log does not grow with the server.
 */
function logReport(logger: Logger, report: Report): void {
  const { groups, leftOut, ...lists } = toLoggedLists(report);
  const { findings, missing } = report;
  const whole = { ...report, groups, decisions: undefined, outcomes: undefined };
  const facts = { ...whole, groups: undefined, findings: undefined, missing: undefined };
  const fits = sizeOf(whole) <= lineBytes;
  logger.info(`sweep ${report.outcome}`, {
    report: fits ? whole : facts,
    ...(isAny(leftOut) && { leftOut }),
  });
  for (const [name, items] of Object.entries<readonly unknown[]>(
    fits ? lists : { groups, findings, missing, ...lists },
  ))
    for (const [part, some] of toParts(items)) logger.info(name, { part, [name]: some });
}

function isAny(leftOut: Readonly<Record<string, number>>): boolean {
  return Object.values(leftOut).some((count) => count > 0);
}

/** The items in runs that each fit into a line, with the index of the first. */
function toParts<T>(items: readonly T[]): (readonly [start: number, items: T[]])[] {
  const parts: [number, T[]][] = [];
  let left = 0;
  items.forEach((item, index) => {
    const size = sizeOf(item) + 1; // and a comma
    const last = parts.at(-1);
    if (last && size <= left) last[1].push(item);
    else parts.push([index, [item]]);
    left = (last && size <= left ? left : lineBytes) - size;
  });
  return parts;
}

function sizeOf(value: unknown): number {
  return byteSize(JSON.stringify(value));
}

/** A fault and its causes; of a cause only what can hold no secret: name, code and stack without its message. */
function describeFault(fault: Fault): Record<string, unknown> {
  const { name, code, step, actor } = fault;
  const message = cleanText(fault.message, mostOfMessage);
  return { name, code, step, actor, message, cause: describeCause(fault.cause, 0) };
}

function describeCause(cause: unknown, depth: number): unknown {
  if (!(cause instanceof Error) || depth > 3) return undefined;
  const code = 'code' in cause ? cleanText(String(cause.code), 80) : undefined;
  return {
    name: cleanText(cause.name, 80),
    code,
    stack: framesOf(cause),
    cause: describeCause(cause.cause, depth + 1),
  };
}

/** A message may have several lines, and one of them may look like a frame: only what stands after it counts. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = message === '' ? 0 : stack.indexOf(message) + message.length;
  const frames = stack
    .slice(start)
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  return frames.slice(0, 10).map((line) => cleanText(line.trim(), 300));
}

/** Faults are counted where they are known, also those that come after the report; this says that there was none so far. */
function emitReport(emitter: Metrics, report: Report, durationMs: number): void {
  const { names } = contract;
  const count = (name: string, value: number) => emitter.addMetric(name, MetricUnit.Count, value);
  count(names.fault, 0);
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

function emitFault(emitter: Metrics): void {
  emitter.addMetric(contract.names.fault, MetricUnit.Count, 1).publishStoredMetrics();
}

/** Metrics under exactly these dimensions: Powertools adds its own, `service`, and an alarm finds a metric only under exactly its dimensions. */
function openMetrics(installation: string | null, target: string): Metrics {
  const emitter = new Metrics({ namespace: contract.namespace });
  emitter.clearDefaultDimensions();
  return emitter.setDefaultDimensions({
    ...(installation !== null && { [contract.installation]: installation }),
    [contract.dimension]: target,
  });
}
