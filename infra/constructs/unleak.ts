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
import { type MetricName, targetMetric } from './target-metrics.ts';
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

  constructor(scope: Construct, id: string, { config, docsUrl, stopped = false }: UnleakProps) {
    super(scope, id);
    const configuration = checkConfig(config);
    warnOfPolicies(this, configuration);
    const names = configuration.targets.map(({ name }) => name);
    const news = new NewsTopic(this, 'News', existingTopic(this, config));
    const { emails, subscriptions } = configuration.notify;
    const { alarmTopics } = new Subscribers(this, 'Subscribers', news.topic, emails, subscriptions);
    const address = new ConsoleAddress(this, 'Console');
    this.topic = news.topic;
    this.history = new HistoryBucket(this, 'History', { keepDays: configuration.history.keepDays });
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.dashboard = new FleetDashboard(this, 'Dashboard', names, address);
    const { bucket } = this.history;
    const environment = environmentOf({
      topic: news.topic,
      bucket,
      docsUrl,
      address,
      dashboard: this.dashboard,
      installation: prefixOf(this),
    });
    const { failed, undelivered } = this.deadLetters;
    this.fleet = new SweepFleet(this, 'Fleet', { config, configuration, failed, environment });
    for (const { role } of this.fleet.functions.values()) {
      news.grantPublish(role);
      this.history.grantHistory(role);
    }
    this.schedules = new TargetSchedules(this, 'Schedules', undelivered, stopped ? 'DISABLED' : 'ENABLED');
    this.schedule(configuration);
    new FleetAlarms(this, 'Alarms', {
      topics: alarmTopics,
      docsUrl,
      configuration,
      fleet: this.fleet,
      undelivered,
    });
  }

  /** A metric of a target, for your own dashboards and alarms. */
  metric(target: string, name: MetricName, options?: MetricOptions): Metric {
    return targetMetric({ installation: prefixOf(this), target }, name, options);
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
