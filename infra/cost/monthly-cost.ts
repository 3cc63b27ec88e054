import { monthHours, prices } from './prices.ts';
import { quietSweep, quietWatch } from './quiet-sweep.ts';

/** What a template holds that costs money while nothing happens. */
export interface PaidParts {
  readonly dashboards: number;
  readonly keys: number;
  /** Metrics over all alarms: an alarm on an expression is paid for by its metrics. */
  readonly alarmMetrics: number;
  /** Interface endpoints, each counted once for each of its subnets. */
  readonly endpointZones: number;
  readonly isTraced: boolean;
}

/** What is paid for a month, in US dollars. */
export interface MonthlyCost {
  /** For all that does not grow with the targets. */
  readonly installation: number;
  /** For each target: by its number of sweeps, without the price of its secret. */
  readonly targets: number;
  readonly endpoints: number;
  readonly total: number;
}

/** The price of one quiet sweep; `readsSecret`: whether its login is a secret. */
export function sweepPrice(readsSecret: boolean, isTraced: boolean): number {
  return runPrice(quietSweep, isTraced) + (readsSecret ? quietSweep.secretReads * prices.secretRead : 0);
}

/** The price of an installation, given the sweeps of its targets in a month and what else is paid for. */
export function toMonthlyCost(
  parts: PaidParts,
  metrics: { readonly ofInstallation: number; readonly ofTargets: number },
  sweeps: readonly { readonly perMonth: number; readonly readsSecret: boolean }[],
  watchRuns: number,
): MonthlyCost {
  const installation =
    parts.dashboards * prices.dashboardMonth +
    parts.keys * prices.keyMonth +
    parts.alarmMetrics * prices.alarmMetricMonth +
    metrics.ofInstallation * prices.metricMonth +
    watchRuns * runPrice(quietWatch, parts.isTraced);
  const swept = sweeps.reduce(
    (sum, { perMonth, readsSecret }) => sum + perMonth * sweepPrice(readsSecret, parts.isTraced),
    0,
  );
  const targets = swept + metrics.ofTargets * prices.metricMonth;
  const endpoints = parts.endpointZones * prices.endpointHour * monthHours;
  return { installation, targets, endpoints, total: installation + targets + endpoints };
}

/** What one run of a function uses, in seconds, gigabytes, bytes and requests. */
interface Use {
  readonly seconds: number;
  readonly gigabytes: number;
  readonly logBytes: number;
  readonly reads: number;
  readonly writes: number;
}

function runPrice({ seconds, gigabytes, logBytes, reads, writes }: Use, isTraced: boolean): number {
  return (
    prices.schedulerInvocation +
    prices.lambdaRequest +
    seconds * gigabytes * prices.lambdaGigabyteSecond +
    logBytes * prices.logByte +
    reads * prices.s3Read +
    writes * prices.s3Write +
    (isTraced ? prices.trace : 0)
  );
}
