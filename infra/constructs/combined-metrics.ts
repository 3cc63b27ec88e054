import { type IMetric, MathExpression, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type MetricName, type MetricSource, targetMetric } from './target-metrics.ts';

/** The lowest value of a metric over some targets, where no value counts as zero. */
export function leastOf(sources: readonly MetricSource[], name: MetricName, options: MetricOptions): IMetric {
  return combine(sources, name, options, (ids) => {
    const filled = ids.map((id) => `FILL(${id},0)`);
    return filled.length === 1 ? filled.join() : `MIN([${filled.join(',')}])`;
  });
}

/** The highest value of a metric over some targets. */
export function anyOf(sources: readonly MetricSource[], name: MetricName, options: MetricOptions): IMetric {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return targetMetric(only, name, options);
  return combine(sources, name, options, (ids) => `MAX([${ids.join(',')}])`);
}

function combine(
  sources: readonly MetricSource[],
  name: MetricName,
  options: MetricOptions,
  express: (ids: string[]) => string,
): IMetric {
  const usingMetrics = Object.fromEntries(
    sources.map((source, index) => [`m${index}`, targetMetric(source, name, options)]),
  );
  return new MathExpression({
    expression: express(Object.keys(usingMetrics)),
    usingMetrics,
    label: name,
    ...(options.period && { period: options.period }),
  });
}
