import type { PaidParts } from './monthly-cost.ts';

/** The resources of a template. */
export type TemplateResources = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
>;

/** What of a template is paid for by the month, whether or not anything happens. */
export function toPaidParts(resources: TemplateResources): PaidParts {
  const all = Object.values(resources);
  const count = (type: string) => all.filter(({ Type }) => Type === type).length;
  const propertiesOf = (type: string) =>
    all.flatMap(({ Type, Properties }) => (Type === type ? [Properties ?? {}] : []));
  return {
    dashboards: count('AWS::CloudWatch::Dashboard'),
    keys: count('AWS::KMS::Key'),
    alarmMetrics: propertiesOf('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsIn(alarm), 0),
    endpointZones: propertiesOf('AWS::EC2::VPCEndpoint').reduce(
      (sum, endpoint) => sum + zonesOf(endpoint),
      0,
    ),
    isTraced: propertiesOf('AWS::Lambda::Function').some(({ TracingConfig }) => TracingConfig !== undefined),
  };
}

function metricsIn({ Metrics }: Readonly<Record<string, unknown>>): number {
  if (!Array.isArray(Metrics)) return 1;
  return Metrics.filter((each: object) => 'MetricStat' in each).length;
}

function zonesOf({ VpcEndpointType, SubnetIds }: Readonly<Record<string, unknown>>): number {
  return VpcEndpointType === 'Interface' && Array.isArray(SubnetIds) ? SubnetIds.length : 0;
}
