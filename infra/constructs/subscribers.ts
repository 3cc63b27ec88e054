import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Subscription, SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { severities, type Subscription as Subscriber } from '../../functions/contract/subscription.ts';
import { EncryptedTopic } from './encrypted-topic.ts';

const protocols = {
  email: SubscriptionProtocol.EMAIL,
  https: SubscriptionProtocol.HTTPS,
  sms: SubscriptionProtocol.SMS,
  sqs: SubscriptionProtocol.SQS,
  lambda: SubscriptionProtocol.LAMBDA,
} as const;

/**
 * Everyone who hears of news: e-mail addresses hear all, others from their severity on. Alarms of CloudWatch carry no attributes,
 * and SNS delivers such messages to no subscription that has a filter, so those subscribers get a topic for alarms besides.
 */
export class Subscribers extends Construct {
  /** The topics that alarms go to. */
  readonly alarmTopics: readonly ITopic[];

  constructor(
    scope: Construct,
    id: string,
    topic: ITopic,
    emails: readonly string[],
    others: readonly Subscriber[],
  ) {
    super(scope, id);
    const all: Subscriber[] = emails.map((endpoint) => ({ protocol: 'email', endpoint, severity: 'info' }));
    for (const subscriber of [...all, ...others]) subscribe(this, topic, subscriber);
    const selective = others.filter(({ severity }) => severity !== 'info');
    this.alarmTopics = selective.length === 0 ? [topic] : [topic, this.makeAlarmTopic(selective)];
  }

  private makeAlarmTopic(subscribers: readonly Subscriber[]): ITopic {
    const { topic } = new EncryptedTopic(this, 'Alarms', 'unleak alarms');
    const scope = new Construct(this, 'OfAlarms');
    for (const subscriber of subscribers) subscribe(scope, topic, { ...subscriber, severity: 'info' });
    return topic;
  }
}

function subscribe(scope: Construct, topic: ITopic, { protocol, endpoint, severity }: Subscriber): void {
  const id = `${protocol}-${endpoint}`;
  const filterPolicy = { severity: SubscriptionFilter.stringFilter({ allowlist: fromSeverity(severity) }) };
  new Subscription(scope, id, {
    topic,
    protocol: protocols[protocol],
    endpoint,
    ...(severity !== 'info' && { filterPolicy }),
  });
  if (protocol !== 'lambda') return;
  new CfnPermission(scope, `${id}-permission`, {
    action: 'lambda:InvokeFunction',
    functionName: endpoint,
    principal: 'sns.amazonaws.com',
    sourceArn: topic.topicArn,
  });
}

function fromSeverity(least: Subscriber['severity']): string[] {
  return severities.slice(severities.indexOf(least));
}
