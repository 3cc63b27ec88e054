import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/**
 * A topic that is encrypted, takes messages over TLS only, and from CloudWatch alarms of this account. The key is ours, since
 * CloudWatch cannot publish to a topic under the key that AWS keeps for SNS.
 */
export class EncryptedTopic extends Construct {
  readonly topic: Topic;
  readonly key: Key;

  constructor(scope: Construct, id: string, displayName: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the notices and alarms of unleak.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY, // it encrypts messages on their way, and nothing that stays
    });
    this.topic = new Topic(this, 'Topic', { displayName, masterKey: this.key, enforceSSL: true });
    this.key.addToResourcePolicy(allowAlarms(this, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
    this.topic.addToResourcePolicy(allowAlarms(this, ['sns:Publish'], this.topic.topicArn));
  }
}

/** Lets alarms of this account do so. */
export function allowAlarms(scope: Construct, actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'AllowAlarms',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions,
    resources: [resource],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}
