import {
  Dashboard,
  DashboardVariable,
  DefaultValue,
  GraphWidget,
  type IWidget,
  MathExpression,
  TextWidget,
  Values,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { metrics } from '../../functions/contract/metrics.ts';
import { prefixOf } from '../settings/prefix-of.ts';
import type { ConsoleAddress } from './console-address.ts';
import { type MetricName, searchFor, targetMetric } from './target-metrics.ts';

const half = 12;

/**
 * One dashboard for any number of targets: the fleet above, and below it one target, chosen from a list. A row for each target
 * would meet CloudWatch's limit of 500 widgets at 80 targets.
 */
export class FleetDashboard extends Construct {
  readonly name: string;
  /** Its address in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, targets: readonly string[], address: ConsoleAddress) {
    super(scope, id);
    this.name = prefixOf(scope);
    this.url = address.dashboard(this.name);
    const first = targets[0] ?? '';
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: this.name,
      defaultInterval: Duration.hours(12),
      variables: [chooseTarget(this.name, first)],
    });
    for (const row of [...fleetRows(this.name), ...targetRows(this.name, first)])
      dashboard.addWidgets(...row);
  }
}

function chooseTarget(installation: string, first: string): DashboardVariable {
  const { dimension } = metrics;
  return new DashboardVariable({
    id: dimension,
    label: 'Target',
    type: VariableType.PROPERTY,
    inputType: VariableInputType.SELECT,
    value: dimension,
    values: Values.fromSearch(searchFor(installation, 'swept'), dimension),
    defaultValue: DefaultValue.value(first),
  });
}

function fleetRows(installation: string): IWidget[][] {
  const everyTarget = everyTargetOf.bind(null, installation);
  return [
    [heading('All targets')],
    [
      graph('Connections taken, in percent', [everyTarget('utilization')]),
      graph('Longest idle, in seconds', [everyTarget('longestIdle')]),
    ],
    [
      graph('Ended', [everyTarget('terminated', 'Sum')]),
      graph('Failed sweeps', [everyTarget('fault', 'Sum')]),
    ],
  ];
}

function targetRows(installation: string, target: string): IWidget[][] {
  const source = { installation, target };
  const one = (name: MetricName) => targetMetric(source, name);
  const sum = (name: MetricName) => targetMetric(source, name, { statistic: 'Sum' });
  return [
    [heading('One target: choose it above')],
    [
      graph('Connections and the maximum', [one('connections'), one('maxConnections')]),
      graph('Idle, and idle in transaction', [one('idle'), one('idleInTransaction')]),
    ],
    [
      graph(
        'Chosen, ended, refused',
        ['chosen', 'terminated', 'cancelled', 'refused'].map((name) => sum(name as MetricName)),
      ),
      graph('Spared and protected', [sum('spared'), sum('protected')]),
    ],
    [
      graph('Longest idle, in seconds', [one('longestIdle')]),
      graph('Duration of a sweep, in milliseconds', [one('duration')]),
    ],
    [graph('Sweeps and faults', [sum('swept'), sum('fault')])],
  ];
}

function heading(markdown: string): TextWidget {
  return new TextWidget({ markdown: `## ${markdown}`, width: 24, height: 1 });
}

function graph(title: string, left: (MathExpression | ReturnType<typeof targetMetric>)[]): GraphWidget {
  return new GraphWidget({ title, left, width: half, height: 6 });
}

function everyTargetOf(
  installation: string,
  name: MetricName,
  statistic: 'Maximum' | 'Sum' = 'Maximum',
): MathExpression {
  return new MathExpression({
    expression: `SEARCH('${searchFor(installation, name)}', '${statistic}', 300)`,
    usingMetrics: {},
    label: '',
    period: Duration.minutes(5),
  });
}
