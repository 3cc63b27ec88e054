import { stdout } from 'node:process';
import { Logger } from '@aws-lambda-powertools/logger';
import { cleanText } from '../core/text/clean-text.ts';
import type { Fault } from '../core/model/fault.ts';
import { byteSize } from '../core/text/byte-size.ts';
import { toLoggedLists } from '../core/notify/to-log.ts';
import type { Report } from '../core/model/report.ts';
import { toNumbers } from '../core/notify/to-numbers.ts';
import { isQuiet, toBrief } from '../core/notify/to-brief.ts';
import { type MetricSource, type MetricValues, toMetricLine } from './to-metric-line.ts';
import type { Telemetry } from './ports.ts';

/** A CloudWatch event holds 256 KiB; what is left free is for the keys that Powertools adds. */
const lineBytes = 200_000;
/** An event with mistakes in every rule makes a long message, which is in its line twice. */
const mostOfMessage = 8_000;

/**
 * Structured log and metrics under the installation's name, on standard output as Lambda collects it. A sweep without news
 * leaves its line of metrics and nothing else, since a log is paid for by its size.
 */
export function createTelemetry(
  sweepId: string,
  installation: string | null,
  targetMetrics: readonly string[] = [],
): Telemetry {
  const source = { installation, targetMetrics };
  const logger = new Logger({ serviceName: 'unleak', persistentKeys: { sweepId } });
  return {
    record(report, durationMs) {
      if (!isQuiet(report)) logReport(logger, report);
      writeNumbers(source, report.target.name, toNumbers(report, durationMs), toBrief(report));
    },
    fault(fault, target) {
      logger.error(cleanText(fault.message, mostOfMessage), { fault: describeFault(fault) });
      if (target !== null) writeNumbers(source, target, { fault: 1 });
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

/** Writes the line of metrics; without a level, so that no log level of the function keeps it back. */
function writeNumbers(
  source: Omit<MetricSource, 'target'>,
  target: string,
  values: MetricValues,
  facts: Readonly<Record<string, unknown>> = {},
): void {
  const line = JSON.stringify(toMetricLine({ ...source, target }, values, facts, Date.now()));
  stdout.write(`${line}\n`);
}
