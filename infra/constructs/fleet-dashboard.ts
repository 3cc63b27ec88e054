import {
  Dashboard,
  DashboardVariable,
  DefaultValue,
  GraphWidget,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  type Metric,
  TextWidget,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { metrics } from '../../functions/contract/metrics.ts';
import { prefixOf } from '../settings/prefix-of.ts';
import type { ConsoleAddress } from './console-address.ts';
import { installationMetric } from './target-metrics.ts';

const half = 12;
const mostLogGroups = 50; // what a query of Logs Insights takes
/** What stands in queries where the dashboard's own field puts in what people write. */
const chosen = 'target-of-choice';
const { names } = metrics;

/**
 * One dashboard for any number of targets: the installation above, from its metrics, and below it targets, from the numbers in the
 * log. No target stands in it, so that adding one changes nothing here.
 */
export class FleetDashboard extends Construct {
  readonly name: string;
  /** Its address in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, address: ConsoleAddress) {
    super(scope, id);
    this.name = prefixOf(scope);
    this.url = address.dashboard(this.name);
  }

  /** Draws it, once the log groups of the functions are known. */
  draw(logGroupNames: readonly string[]): void {
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: this.name,
      defaultInterval: Duration.hours(12),
      variables: [chooseTarget()],
    });
    const logs = logGroupNames.slice(0, mostLogGroups);
    for (const row of [...fleetRows(this.name, logs), ...targetRows(logs)]) dashboard.addWidgets(...row);
  }
}

function chooseTarget(): DashboardVariable {
  return new DashboardVariable({
    id: metrics.dimension,
    label: 'Target, or a part of its name',
    type: VariableType.PATTERN,
    inputType: VariableInputType.INPUT,
    value: chosen,
    defaultValue: DefaultValue.value('.'),
  });
}

function fleetRows(installation: string, logs: string[]): IWidget[][] {
  const of = installationMetric.bind(null, installation);
  return [
    [heading('All targets')],
    [
      graph('The fullest server: connections taken, in percent', [of('utilization')]),
      graph('Chosen and ended', [of('chosen'), of('terminated')]),
    ],
    [
      graph('Sweeps and faults', [of('swept'), of('fault')]),
      query('The fullest servers', logs, LogQueryVisualizationType.TABLE, [
        `filter ispresent(${names.utilization})`,
        `stats latest(${names.utilization}) as percent, latest(${names.connections}) as connections, ` +
          `latest(${names.maxConnections}) as maximum, sum(${names.terminated}) as ended by target`,
        'sort percent desc',
        'limit 50',
      ]),
    ],
  ];
}

function targetRows(logs: string[]): IWidget[][] {
  const over = (title: string, ...statistics: string[]) =>
    query(title, logs, LogQueryVisualizationType.LINE, [
      `filter ispresent(${names.utilization}) and target like /${chosen}/`,
      `stats ${statistics.join(', ')} by bin(5m)`,
    ]);
  const most = (key: keyof typeof names) => `max(${names[key]})`;
  const sum = (key: keyof typeof names) => `sum(${names[key]})`;
  return [
    [heading('Some targets: write a name above')],
    [
      over('Connections and the maximum', most('connections'), most('maxConnections')),
      over('Idle, and idle in transaction', most('idle'), most('idleInTransaction')),
    ],
    [
      over('Chosen, ended, refused', sum('chosen'), sum('terminated'), sum('cancelled'), sum('refused')),
      over('Spared and protected', sum('spared'), sum('protected')),
    ],
    [
      over('Longest idle, in seconds', most('longestIdle')),
      over('Duration of a sweep, in milliseconds', most('duration')),
    ],
  ];
}

function heading(markdown: string): TextWidget {
  return new TextWidget({ markdown: `## ${markdown}`, width: 24, height: 1 });
}

function graph(title: string, left: Metric[]): GraphWidget {
  return new GraphWidget({ title, left, width: half, height: 6 });
}

function query(
  title: string,
  logGroupNames: string[],
  view: LogQueryVisualizationType,
  queryLines: string[],
): LogQueryWidget {
  return new LogQueryWidget({ title, logGroupNames, view, queryLines, width: half, height: 6 });
}
