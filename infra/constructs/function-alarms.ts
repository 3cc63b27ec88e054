import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AlarmFactory } from './alarm-bell.ts';

const each = { period: Duration.minutes(5), statistic: Stats.SUM };
/* Rings at once and stays for an hour, so that a target that fails now and then is one message and not a storm. */
const withinAnHour = { evaluationPeriods: 12, datapointsToAlarm: 1 };

/** Alarms about a function: sweeps that failed, in whichever way, and events that had to wait for concurrency. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, bell: AlarmFactory, network: string | null, sweep: IFunction) {
    super(scope, id);
    const of = network === null ? '' : `-${network}`;
    bell.add(this, `faults${of}`, {
      metric: sweep.metricErrors(each),
      ...withinAnHour,
      says: 'At least one sweep failed; the notice and the log say which and why.',
      heading: 'alarm-faults',
    });
    bell.add(this, `throttles${of}`, {
      metric: sweep.metricThrottles(each),
      ...withinAnHour,
      says: 'Lambda had no concurrency left for a sweep.',
      heading: 'alarm-throttles',
    });
  }
}

/** The alarm about events that never reached a function; it stays until the queue is emptied. */
export function addDeadLetterAlarm(scope: Construct, bell: AlarmFactory, undelivered: Queue): void {
  bell.add(scope, 'dead-letters', {
    metric: undelivered.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: Stats.MAXIMUM,
    }),
    says: 'EventBridge Scheduler could not hand a sweep over to Lambda.',
    heading: 'alarm-dead-letters',
  });
}

/** The alarm about the watch itself: who watches sweeps must not fall silent unnoticed. */
export function addWatchAlarm(scope: Construct, bell: AlarmFactory, watch: IFunction): void {
  const quarter = { period: Duration.minutes(15), statistic: Stats.SUM };
  bell.add(scope, 'watch', {
    metric: new MathExpression({
      expression: 'FILL(runs,0)-FILL(errors,0)',
      usingMetrics: { runs: watch.metricInvocations(quarter), errors: watch.metricErrors(quarter) },
      label: 'Runs without a fault',
      period: quarter.period,
    }),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
    says: 'For 15 minutes nothing has watched whether targets are swept.',
    heading: 'alarm-watch',
  });
}
