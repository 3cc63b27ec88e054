import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricKey, metrics } from '../../functions/contract/metrics.ts';

/** The name of a metric: its key in the contract, such as `utilization` or `longestIdle`. */
export type MetricName = MetricKey;

/** Those that an installation has; the others are of a target, where the file asks for them. */
export type InstallationMetricName = (typeof metrics.ofInstallation)[number];

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

/** A metric of the whole installation: summed up, or at its highest, over all targets. */
export function installationMetric(
  of: string,
  name: InstallationMetricName,
  options: MetricOptions = {},
): Metric {
  const { namespace, installation, names } = metrics;
  return new Metric({
    namespace,
    metricName: names[name],
    dimensionsMap: { [installation]: of },
    statistic: name === 'utilization' ? Stats.MAXIMUM : Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });
}
