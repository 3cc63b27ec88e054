import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** An alarm in our own words; what is left out rings at one and is quiet while there is no data. */
export interface Ring extends Partial<Omit<AlarmProps, 'metric'>> {
  readonly metric: AlarmProps['metric'];
  /** What is wrong, as a sentence. */
  readonly says: string;
  /** The heading in docs/runbook.md. */
  readonly heading: string;
}

/** Makes alarms that tell topics when something is wrong and when it is well again, and that link the runbook. */
export class AlarmFactory {
  private readonly topics: readonly ITopic[];
  private readonly prefix: string;
  private readonly runbook: string;
  private readonly isStopped: boolean;

  constructor(topics: readonly ITopic[], prefix: string, docsUrl: string, isStopped: boolean) {
    this.isStopped = isStopped;
    this.topics = topics;
    this.prefix = prefix;
    this.runbook = `${docsUrl}/runbook.md`;
  }

  add(scope: Construct, name: string, { says, heading, ...props }: Ring): Alarm {
    const alarm = new Alarm(scope, name, {
      alarmName: `${this.prefix}-${name}`,
      alarmDescription: `${says} What to do: ${this.runbook}#${heading}`,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...(this.isStopped && { actionsEnabled: false }),
      ...props,
    });
    const actions = this.topics.map((topic) => new SnsAction(topic));
    alarm.addAlarmAction(...actions);
    alarm.addOkAction(...actions);
    return alarm;
  }
}
