import { type MetricKey, metrics } from '../contract/metrics.ts';

/** Whose numbers a metric line holds, and which of them are metrics of the target besides. */
export interface MetricSource {
  /** Null: the only installation of the account. */
  readonly installation: string | null;
  readonly target: string;
  /** Names of metrics. */
  readonly targetMetrics: readonly string[];
}

/** Numbers by the key of their metric. */
export type MetricValues = Readonly<Partial<Record<MetricKey, number>>>;

const units: Readonly<Partial<Record<MetricKey, string>>> = {
  duration: 'Milliseconds',
  utilization: 'Percent',
  longestIdle: 'Seconds',
};

/**
 * One line in CloudWatch's embedded metric format. Metrics of the installation, whose price does not grow with the targets, and
 * those of the target that were asked for. Every number is a property of the line besides, for Logs Insights.
 */
export function toMetricLine(
  source: MetricSource,
  values: MetricValues,
  facts: Readonly<Record<string, unknown>>,
  nowMs: number,
): Record<string, unknown> {
  const keys = Object.keys(values) as MetricKey[];
  const own = source.installation === null ? [] : [metrics.installation];
  const ofAll: readonly MetricKey[] = metrics.ofInstallation;
  const directives = [
    directive(
      own,
      keys.filter((key) => ofAll.includes(key)),
    ),
    directive(
      [...own, metrics.dimension],
      keys.filter((key) => source.targetMetrics.includes(metrics.names[key])),
    ),
  ];
  return {
    _aws: { Timestamp: nowMs, CloudWatchMetrics: directives.filter(({ Metrics }) => Metrics.length > 0) },
    ...(source.installation !== null && { [metrics.installation]: source.installation }),
    [metrics.dimension]: source.target,
    ...facts,
    ...Object.fromEntries(keys.map((key) => [metrics.names[key], values[key]])),
  };
}

function directive(dimensions: readonly string[], keys: readonly MetricKey[]) {
  return {
    Namespace: metrics.namespace,
    Dimensions: [dimensions],
    Metrics: keys.map((key) => ({ Name: metrics.names[key], Unit: units[key] ?? 'Count' })),
  };
}
