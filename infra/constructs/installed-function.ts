import { Duration } from 'aws-cdk-lib';
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  type ILayerVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { sweepMs } from '../../functions/contract/sweep-time.ts';
import { Construct } from 'constructs';
import { acceptFindings } from './accept-finding.ts';
import type { FunctionNetwork } from './function-network.ts';

/** What a function is made from. */
export interface InstalledFunctionProps {
  /** Its own lines: what it may do. */
  readonly code: Code;
  /** The code that they hand their events to. */
  readonly layer: ILayerVersion;
  readonly description: string;
  /** Null: outside of every VPC. */
  readonly network: FunctionNetwork | null;
  readonly failed: Queue;
  readonly memorySize: number;
  readonly tracing: boolean;
  /** The environment, given the name of the log group. */
  readonly environment: (logGroupName: string) => Record<string, string>;
}

/**
 * A Lambda function of ours. A sweep takes seconds; 60 s, the shortest period, is what it can ever take without meeting the next one.
 * Lambda's own lines about each invocation are left out unless something is wrong with it: they would double the log. No concurrency
 * is reserved: it would be taken from the account, and the lock on each server already lets one sweep at a time end sessions.
 */
export class InstalledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: InstalledFunctionProps) {
    super(scope, id);
    // Kept when the stack is deleted, until they expire: they say which sessions were ended, and why.
    this.logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.function = new LambdaFunction(this, 'Function', {
      code: props.code,
      handler: 'index.handler',
      layers: [props.layer],
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: props.description,
      memorySize: props.memorySize,
      timeout: Duration.millis(sweepMs),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(props.tracing && { tracing: Tracing.ACTIVE }),
      environment: props.environment(this.logGroup.logGroupName),
      retryAttempts: 0, // the next tick is the retry
      maxEventAge: Duration.minutes(1),
      onFailure: new SqsDestination(props.failed),
      ...(props.network && {
        vpc: props.network.facts.vpc,
        vpcSubnets: { subnets: [...props.network.subnets] },
        securityGroups: [...props.network.securityGroups],
      }),
    });
    this.grantLogs();
    if (props.network) this.grantInterfaces();
    acceptFindings(this.role.node.findChild('DefaultPolicy'), wildcards);
  }

  private grantLogs(): void {
    const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.logGroup.logGroupArn] }));
  }

  /**
   * Lambda makes and removes the function's network interfaces with the function's own role. The code has no use for these rights,
   * so it is denied them, in the way that AWS documents: the key is set only on what the function's own code asks for. A policy of
   * its own, since it names the function, which needs all of the role's first.
   */
  private grantInterfaces(): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: interfaceActions, resources: ['*'] }));
    const denied = new PolicyStatement({
      effect: Effect.DENY,
      actions: [...interfaceActions, 'ec2:DetachNetworkInterface'],
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.function.functionArn } },
    });
    new Policy(this, 'NoInterfacesForCode', { roles: [this.role], statements: [denied] });
  }
}

const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

const wildcards = [
  {
    id: 'AwsSolutions-IAM5',
    reason:
      'X-Ray has no resources to name, and Lambda makes the network interfaces of functions in a VPC under names it chooses.',
    appliesTo: ['Resource::*'],
  },
  {
    id: 'AwsSolutions-IAM5',
    reason: 'The objects of all targets that it sweeps; nothing else is in these folders of this bucket.',
    appliesTo: [{ regex: String.raw`/^Resource::<.*>\/(?:state|sweeps|set-aside|news)\/\*$/` }],
  },
];
