import { Token } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { environmentNames, environmentShape } from '../../functions/contract/environment.ts';
import type { ConsoleAddress } from '../constructs/console-address.ts';
import type { FleetDashboard } from '../constructs/fleet-dashboard.ts';
import { ConfigurationError } from './configuration-error.ts';

/** What a function's environment is made from. */
export interface EnvironmentParts {
  readonly topic: ITopic;
  readonly bucket: Bucket;
  readonly docsUrl: string | undefined;
  readonly address: ConsoleAddress;
  readonly dashboard: FleetDashboard;
  readonly installation: string;
  readonly targetMetrics: readonly string[];
}

/** The environment that the contract wants of a function, given the name of its log group. */
export function environmentOf({
  topic,
  bucket,
  docsUrl,
  address,
  dashboard,
  installation,
  targetMetrics,
}: EnvironmentParts) {
  return (logGroupName: string): Record<string, string> =>
    checked({
      [environmentNames.topicArn]: topic.topicArn,
      [environmentNames.historyBucket]: bucket.bucketName,
      [environmentNames.dashboardUrl]: dashboard.url,
      [environmentNames.logsUrl]: address.logGroup(logGroupName),
      [environmentNames.installation]: installation,
      ...(targetMetrics.length > 0 && { [environmentNames.targetMetrics]: targetMetrics.join(',') }),
      ...(docsUrl !== undefined && { [environmentNames.docsUrl]: docsUrl }),
    });
}

/** The same, where the functions will understand it: what only CloudFormation knows is not asked. */
function checked(environment: Record<string, string>): Record<string, string> {
  const lines = Object.entries(environmentShape).flatMap(([name, schema]) => {
    const value = environment[name];
    if (value === undefined || Token.isUnresolved(value)) return [];
    const parsed = schema.safeParse(value);
    return parsed.success
      ? []
      : [`${name}: "${value}" found, expected ${parsed.error.issues[0]?.message ?? ''}`];
  });
  if (lines.length > 0) throw new ConfigurationError(lines);
  return environment;
}
