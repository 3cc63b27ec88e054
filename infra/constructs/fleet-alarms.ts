import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { groupTargets } from '../settings/group-targets.ts';
import { toPace } from '../settings/pace.ts';
import { prefixOf } from '../settings/prefix-of.ts';
import { toRecurrence } from '../settings/recurrence.ts';
import { AlarmFactory } from './alarm-bell.ts';
import { FunctionAlarms, hangDeadLetterAlarm } from './function-alarms.ts';
import type { SweepFleet } from './sweep-fleet.ts';
import { TargetAlarms, type WatchedTarget } from './target-alarms.ts';

/** What alarms are about. */
export interface FleetAlarmsProps {
  readonly topics: readonly ITopic[];
  readonly docsUrl: string | undefined;
  readonly configuration: Configuration;
  readonly fleet: SweepFleet;
  readonly undelivered: Queue;
}

/** Every alarm of an installation. */
export class FleetAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FleetAlarmsProps) {
    super(scope, id);
    const { targets, alarms } = props.configuration;
    const bell = new AlarmFactory(props.topics, prefixOf(scope), props.docsUrl ?? null);
    hangDeadLetterAlarm(this, bell, props.undelivered);
    for (const [network, { function: sweep }] of props.fleet.functions)
      new FunctionAlarms(this, network ?? 'NoNetwork', bell, network, sweep);
    const targetAlarms = new TargetAlarms(this, 'Targets', bell, prefixOf(scope));
    for (const group of groupTargets(targets.map(toWatched))) targetAlarms.watch(group, alarms.utilization);
  }
}

function toWatched({ name, schedule, timezone }: Configuration['targets'][number]): WatchedTarget {
  const recurrence = toRecurrence(schedule);
  const pace = toPace(recurrence);
  const { shortestSeconds } = recurrence;
  const times = schedule.startsWith('rate(') ? `${shortestSeconds} s` : `${schedule} ${timezone ?? 'UTC'}`;
  return { name, times, pace, shortestSeconds };
}
