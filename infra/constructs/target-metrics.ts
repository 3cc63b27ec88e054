import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metrics } from '../../functions/contract/metrics.ts';

/** The name of a metric: its key in the contract, such as `utilization` or `longestIdle`. */
export type MetricName = keyof typeof metrics.names;

/** Whose metrics: a target's name is its own only within its installation. */
export interface MetricSource {
  readonly installation: string;
  readonly target: string;
}

/** A metric of one target, the highest value in five minutes by default, for alarms and for people's own dashboards. */
export function targetMetric(source: MetricSource, name: MetricName, options: MetricOptions = {}): Metric {
  const { namespace, dimension, installation, names } = metrics;
  return new Metric({
    namespace,
    metricName: names[name],
    dimensionsMap: { [installation]: source.installation, [dimension]: source.target },
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
    ...options,
  });
}

/** What a search in CloudWatch finds a metric of every target of an installation by. */
export function searchFor(of: string, name: MetricName): string {
  const { namespace, dimension, installation, names } = metrics;
  return `{${namespace},${installation},${dimension}} MetricName="${names[name]}" ${installation}="${of}"`;
}
