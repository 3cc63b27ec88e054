import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { prefixOf } from '../settings/prefix-of.ts';
import { AlarmFactory } from './alarm-bell.ts';
import { addDeadLetterAlarm, addWatchAlarm, FunctionAlarms } from './function-alarms.ts';
import type { SweepFleet } from './sweep-fleet.ts';

/** What alarms are about. */
export interface FleetAlarmsProps {
  readonly topics: readonly ITopic[];
  readonly docsUrl: string;
  readonly isStopped: boolean;
  readonly fleet: SweepFleet;
  readonly watch: IFunction;
  readonly undelivered: Queue;
}

/** Every alarm of an installation: their number does not grow with the targets. */
export class FleetAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FleetAlarmsProps) {
    super(scope, id);
    const alarms = new AlarmFactory(props.topics, prefixOf(scope), props.docsUrl, props.isStopped);
    addDeadLetterAlarm(this, alarms, props.undelivered);
    addWatchAlarm(this, alarms, props.watch);
    for (const [network, { function: sweep }] of props.fleet.functions)
      new FunctionAlarms(this, network ?? 'NoNetwork', alarms, network, sweep);
  }
}
