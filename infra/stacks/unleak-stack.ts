import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Unleak, type UnleakProps } from '../constructs/unleak.ts';

/** The whole installation as one stack; its outputs say where to look and how to stop it. */
export class UnleakStack extends Stack {
  readonly unleak: Unleak;

  constructor(scope: Construct, id: string, props: StackProps & UnleakProps) {
    const description = 'unleak: ends leaked database sessions and notifies people';
    super(scope, id, {
      description,
      analyticsReporting: false,
      suppressTemplateIndentation: true, // CloudFormation reads 1 MB, and spaces count
      ...props,
    });
    this.unleak = new Unleak(this, 'Unleak', props);
    const { topic, dashboard, deadLetters, history, fleet } = this.unleak;
    this.tell('TopicArn', topic.topicArn, 'Notices and alarms are published here');
    this.tell('DashboardUrl', dashboard.url, 'The dashboard');
    this.tell(
      'UndeliveredQueueUrl',
      deadLetters.undelivered.queueUrl,
      'Events that Scheduler could not hand over',
    );
    this.tell('FailedQueueUrl', deadLetters.failed.queueUrl, 'Events whose sweep failed');
    this.tell(
      'HistoryBucketName',
      history.bucket.bucketName,
      'The last news of each target; stays when the stack goes',
    );
    for (const [network, { function: sweep, logGroup }] of fleet.functions) {
      const of = network === null ? '' : toLogicalId(network);
      this.tell(
        `FunctionName${of}`,
        sweep.functionName,
        'To stop at once: aws lambda put-function-concurrency --reserved-concurrent-executions 0 --function-name this',
      );
      this.tell(`LogGroupName${of}`, logGroup.logGroupName, 'Every report and every fault');
    }
  }

  private tell(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

function toLogicalId(network: string): string {
  return `In${network.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
}
