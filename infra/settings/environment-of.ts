import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { environmentNames } from '../../functions/contract/environment.ts';
import type { ConsoleAddress } from '../constructs/console-address.ts';
import type { FleetDashboard } from '../constructs/fleet-dashboard.ts';

/** What a function's environment is made from. */
export interface EnvironmentParts {
  readonly topic: ITopic;
  readonly bucket: Bucket;
  readonly docsUrl: string | undefined;
  readonly address: ConsoleAddress;
  readonly dashboard: FleetDashboard;
}

/** The environment that the contract wants of a function, given the name of its log group. */
export function environmentOf({ topic, bucket, docsUrl, address, dashboard }: EnvironmentParts) {
  return (logGroupName: string): Record<string, string> => ({
    [environmentNames.topicArn]: topic.topicArn,
    [environmentNames.historyBucket]: bucket.bucketName,
    [environmentNames.dashboardUrl]: dashboard.url,
    [environmentNames.logsUrl]: address.logGroup(logGroupName),
    ...(docsUrl !== undefined && { [environmentNames.docsUrl]: docsUrl }),
  });
}
