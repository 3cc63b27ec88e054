import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** A topic that exists already, and its own key if it has one. */
export interface ExistingTopic {
  readonly topic: ITopic;
  readonly key: IKey | null;
}

/**
 * Where notices and alarms go: a topic of our own, encrypted and for TLS only, or one that exists, whose policies are its owner's.
 * The key is ours too, since CloudWatch cannot publish to a topic under the key that AWS keeps for SNS.
 */
export class NewsTopic extends Construct {
  readonly topic: ITopic;
  private readonly key: IKey | null;

  constructor(scope: Construct, id: string, existing: ExistingTopic | null) {
    super(scope, id);
    const { topic, key } = existing ?? this.makeTopic();
    this.topic = topic;
    this.key = key;
  }

  /** Lets a function publish, and use the key for it; nothing else. */
  grantPublish(role: Role): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
    );
    if (this.key === null) return;
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.keyArn] }),
    );
  }

  private makeTopic(): ExistingTopic {
    const key = new Key(this, 'Key', {
      description: 'Encrypts the notices and alarms of unleak.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY, // it encrypts messages on their way, and nothing that stays
    });
    const topic = new Topic(this, 'Topic', { displayName: 'unleak', masterKey: key, enforceSSL: true });
    key.addToResourcePolicy(this.forAlarms(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
    topic.addToResourcePolicy(this.forAlarms(['sns:Publish'], topic.topicArn));
    return { topic, key };
  }

  /** CloudWatch alarms of this account only. */
  private forAlarms(actions: string[], resource: string): PolicyStatement {
    return new PolicyStatement({
      sid: 'AllowAlarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
  }
}
