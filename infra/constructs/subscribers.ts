import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Subscription, SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { severities, type Subscription as Subscriber } from '../../functions/contract/subscription.ts';

const protocols = {
  email: SubscriptionProtocol.EMAIL,
  https: SubscriptionProtocol.HTTPS,
  sms: SubscriptionProtocol.SMS,
  sqs: SubscriptionProtocol.SQS,
  lambda: SubscriptionProtocol.LAMBDA,
} as const;

/** Everyone who hears of news: e-mail addresses hear all, others from their severity on. */
export class Subscribers extends Construct {
  constructor(
    scope: Construct,
    id: string,
    topic: ITopic,
    emails: readonly string[],
    others: readonly Subscriber[],
  ) {
    super(scope, id);
    const all: Subscriber[] = emails.map((endpoint) => ({ protocol: 'email', endpoint, severity: 'info' }));
    for (const subscriber of [...all, ...others]) this.subscribe(topic, subscriber);
  }

  private subscribe(topic: ITopic, { protocol, endpoint, severity }: Subscriber): void {
    const id = `${protocol}-${endpoint}`;
    new Subscription(this, id, {
      topic,
      protocol: protocols[protocol],
      endpoint,
      ...(severity !== 'info' && { filterPolicy: { severity: fromSeverity(severity) } }),
    });
    if (protocol !== 'lambda') return;
    new CfnPermission(this, `${id}-permission`, {
      action: 'lambda:InvokeFunction',
      functionName: endpoint,
      principal: 'sns.amazonaws.com',
      sourceArn: topic.topicArn,
    });
  }
}

/** Everything at least so severe, and whatever has no severity: that is how CloudWatch alarms come. */
function fromSeverity(least: Subscriber['severity']): SubscriptionFilter {
  const wanted = severities.slice(severities.indexOf(least));
  return new SubscriptionFilter([...wanted, { exists: false }]);
}
