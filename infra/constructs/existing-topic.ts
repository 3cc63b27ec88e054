import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../settings/configuration-error.ts';
import type { UnleakConfig } from '../settings/unleak-config.ts';
import { allowAlarms } from './encrypted-topic.ts';
import type { ExistingTopic } from './news-topic.ts';

/** The topic that the file or the code names; null: one is to be made. */
export function existingTopic(scope: Construct, { notify }: UnleakConfig): ExistingTopic | null {
  const given = notify?.topic;
  if (given === undefined) return null;
  const topic = typeof given === 'string' ? Topic.fromTopicArn(scope, 'ExistingTopic', given) : given;
  if (topic.fifo)
    throw new ConfigurationError(['notify.topic: a FIFO topic found, expected one that is not FIFO']);
  const key = keyOf(scope, notify?.topicKey) ?? topic.masterKey ?? null;
  // Alarms say nothing where CloudWatch may not use the key; the policy of a key that is only named is its owner's.
  key?.addToResourcePolicy(allowAlarms(scope, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
  return { topic, key };
}

function keyOf(scope: Construct, key: string | IKey | undefined): IKey | undefined {
  return typeof key === 'string' ? Key.fromKeyArn(scope, 'ExistingKey', key) : key;
}
