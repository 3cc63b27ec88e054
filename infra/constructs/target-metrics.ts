import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metrics } from '../../functions/contract/metrics.ts';

/** The name of a metric: its key in the contract, such as `utilization` or `longestIdle`. */
export type MetricName = keyof typeof metrics.names;

/** A metric of one target, the highest value in five minutes by default, for alarms and for people's own dashboards. */
export function targetMetric(target: string, name: MetricName, options: MetricOptions = {}): Metric {
  const { namespace, dimension, names } = metrics;
  return new Metric({
    namespace,
    metricName: names[name],
    dimensionsMap: { [dimension]: target },
    statistic: Stats.MAXIMUM,
    period: Duration.minutes(5),
    ...options,
  });
}
