import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acceptFindings } from './accept-finding.ts';

/**
 * Where events end that led to no sweep: `undelivered`, which Scheduler could not hand to Lambda, and `failed`, whose sweep ended
 * with a fault or never got its turn. Two queues, since every failed sweep is told and alarmed anyway and must not ring twice.
 */
export class DeadLetters extends Construct {
  readonly undelivered: Queue;
  readonly failed: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.undelivered = makeQueue(this, 'Undelivered', Duration.days(14));
    this.failed = makeQueue(this, 'Failed', Duration.days(4));
  }
}

function makeQueue(scope: Construct, id: string, retentionPeriod: Duration): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod,
  });
  acceptFindings(queue, [{ id: 'AwsSolutions-SQS3', reason: 'This queue is itself the dead-letter queue.' }]);
  return queue;
}
