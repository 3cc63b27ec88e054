import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { EncryptedTopic } from './encrypted-topic.ts';

/** A topic that exists already, and its own key if it has one. */
export interface ExistingTopic {
  readonly topic: ITopic;
  readonly key: IKey | null;
}

/** Where notices and alarms go: a topic of our own, or one that exists, whose policies are its owner's. */
export class NewsTopic extends Construct {
  readonly topic: ITopic;
  private readonly key: IKey | null;

  constructor(scope: Construct, id: string, existing: ExistingTopic | null) {
    super(scope, id);
    const { topic, key } = existing ?? new EncryptedTopic(this, 'Own', 'unleak');
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
}
