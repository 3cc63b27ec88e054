import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import type { UnleakConfig } from '../settings/unleak-config.ts';
import type { ExistingTopic } from './news-topic.ts';

/** The topic that the file or the code names; null: one is to be made. */
export function existingTopic(
  scope: Construct,
  config: UnleakConfig,
  { notify: { topic: arn, topicKey } }: Configuration,
): ExistingTopic | null {
  const key = topicKey === null ? null : Key.fromKeyArn(scope, 'ExistingKey', topicKey);
  const given = config.notify?.topic;
  if (given !== undefined && typeof given !== 'string') return { topic: given, key };
  return arn === null ? null : { topic: Topic.fromTopicArn(scope, 'ExistingTopic', arn), key };
}
