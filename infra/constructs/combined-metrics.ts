import { type IMetric, MathExpression, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, targetMetric } from './target-metrics.ts';

/** The lowest value of a metric over some targets, where no value counts as zero. */
export function leastOf(targets: readonly string[], name: MetricName, options: MetricOptions): IMetric {
  return combine(targets, name, options, (ids) => `MIN([${ids.map((id) => `FILL(${id},0)`).join(',')}])`);
}

/** The highest value of a metric over some targets. */
export function anyOf(targets: readonly string[], name: MetricName, options: MetricOptions): IMetric {
  return combine(targets, name, options, (ids) => `MAX([${ids.join(',')}])`);
}

function combine(
  targets: readonly string[],
  name: MetricName,
  options: MetricOptions,
  express: (ids: string[]) => string,
): IMetric {
  const [only, ...others] = targets;
  if (only !== undefined && others.length === 0) return targetMetric(only, name, options);
  const usingMetrics = Object.fromEntries(
    targets.map((target, index) => [`m${index}`, targetMetric(target, name, options)]),
  );
  return new MathExpression({
    expression: express(Object.keys(usingMetrics)),
    usingMetrics,
    label: name,
    ...(options.period && { period: options.period }),
  });
}
