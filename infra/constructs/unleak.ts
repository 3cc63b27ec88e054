import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { checkConfig } from '../settings/check-config.ts';
import { warnOfPolicies } from '../settings/warn-of-policies.ts';
import { prefixOf } from '../settings/prefix-of.ts';
import { toInvocation } from '../settings/installation.ts';
import { environmentOf } from '../settings/environment-of.ts';
import type { UnleakConfig } from '../settings/unleak-config.ts';
import { ConsoleAddress } from './console-address.ts';
import { FleetAlarms } from './fleet-alarms.ts';
import { FleetDashboard } from './fleet-dashboard.ts';
import { DeadLetters } from './dead-letters.ts';
import { existingTopic } from './existing-topic.ts';
import { HistoryBucket } from './history-bucket.ts';
import { NewsTopic } from './news-topic.ts';
import { Subscribers } from './subscribers.ts';
import { SweepFleet } from './sweep-fleet.ts';
import { InstalledCode } from './installed-code.ts';
import { WatchFunction, watchMinutes } from './watch-function.ts';
import {
  installationMetric,
  type InstallationMetricName,
  type MetricName,
  targetMetric,
} from './target-metrics.ts';
import { metrics } from '../../functions/contract/metrics.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { TargetSchedules } from './target-schedules.ts';

/** What `new Unleak(…)` is made from. */
export interface UnleakProps {
  /** What unleak.yaml says (`readConfigurationFile` reads one); a VPC, a secret and a topic may be constructs. */
  readonly config: UnleakConfig;
  /** The https address of the folder docs of your copy, for links in notices and alarms; without it they name the file. */
  readonly docsUrl?: string;
  /** True keeps everything installed and sweeps nothing. */
  readonly stopped?: boolean;
}

/**
 * Looks after the database sessions that a configuration names, unattended.
 *
 * @example new Unleak(this, 'Unleak', { config: readConfigurationFile('unleak.yaml') });
 */
export class Unleak extends Construct {
  readonly topic: ITopic;
  readonly history: HistoryBucket;
  readonly deadLetters: DeadLetters;
  readonly dashboard: FleetDashboard;
  readonly fleet: SweepFleet;
  readonly schedules: TargetSchedules;
  private readonly perTarget: readonly string[];

  constructor(scope: Construct, id: string, { config, docsUrl, stopped = false }: UnleakProps) {
    super(scope, id);
    const configuration = checkConfig(config);
    warnOfPolicies(this, configuration);
    this.perTarget = configuration.metrics.perTarget;
    const news = new NewsTopic(this, 'News', existingTopic(this, config));
    const { emails, subscriptions } = configuration.notify;
    const { alarmTopics } = new Subscribers(this, 'Subscribers', news.topic, emails, subscriptions);
    const address = new ConsoleAddress(this, 'Console');
    this.topic = news.topic;
    this.history = new HistoryBucket(this, 'History', { keepDays: configuration.history.keepDays });
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.dashboard = new FleetDashboard(this, 'Dashboard', address);
    const { bucket } = this.history;
    const environment = environmentOf({
      topic: news.topic,
      bucket,
      docsUrl,
      address,
      dashboard: this.dashboard,
      installation: prefixOf(this),
      targetMetrics: configuration.metrics.perTarget,
    });
    const { failed, undelivered } = this.deadLetters;
    const code = new InstalledCode(this, 'Code');
    this.fleet = new SweepFleet(this, 'Fleet', { config, configuration, failed, code, environment });
    const shared = { code, configuration, failed, environment, history: this.history, isStopped: stopped };
    const { installed: watch } = new WatchFunction(this, 'Watch', shared);
    const sweeps = [...this.fleet.functions.values()];
    for (const { role } of [...sweeps, watch]) news.grantPublish(role);
    for (const { role } of sweeps) this.history.grantHistory(role);
    this.dashboard.draw(sweeps.map(({ logGroup }) => logGroup.logGroupName));
    this.schedules = new TargetSchedules(this, 'Schedules', undelivered, stopped ? 'DISABLED' : 'ENABLED');
    this.schedule(configuration);
    this.schedules.allowInvoking(watch.function);
    this.schedules.addWatch(watchMinutes, watch.function);
    new FleetAlarms(this, 'Alarms', {
      topics: alarmTopics,
      docsUrl: docsUrl ?? 'docs',
      isStopped: stopped,
      fleet: this.fleet,
      watch: watch.function,
      undelivered,
    });
  }

  /** A metric of a target, for your own dashboards and alarms; an Error where `metrics.perTarget` does not name it. */
  metric(target: string, name: MetricName, options?: MetricOptions): Metric {
    const metricName = metrics.names[name];
    if (!this.perTarget.includes(metricName))
      throw new ConfigurationError([
        `metrics.perTarget: ${metricName} missing, expected it there before a target has this metric`,
      ]);
    return targetMetric({ installation: prefixOf(this), target }, name, options);
  }

  /** A metric of the whole installation: summed up, or at its highest, over all targets. */
  totalMetric(name: InstallationMetricName, options?: MetricOptions): Metric {
    return installationMetric(prefixOf(this), name, options);
  }

  private schedule({ targets }: Configuration): void {
    for (const { function: sweep } of this.fleet.functions.values()) this.schedules.allowInvoking(sweep);
    for (const target of targets)
      this.schedules.add(
        target,
        this.fleet.of(target.network).function,
        JSON.stringify(toInvocation(target)),
      );
  }
}
