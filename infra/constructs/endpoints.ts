import { Aws, Fn } from 'aws-cdk-lib';
import { CfnVPCEndpoint, type ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { NetworkFacts } from '../settings/network-facts.ts';

/** The route tables that an S3 gateway endpoint of ours is entered in already. */
export type ServedRouteTables = Set<string>;

/**
 * Ways to Secrets Manager, SNS and S3 for functions in subnets without a NAT gateway. Logs, metrics and traces need none: Lambda
 * collects them outside of the VPC. Private DNS stays off, so that no other traffic of the VPC goes this way; the SDK is told by name.
 */
export class Endpoints extends Construct {
  readonly environment: Record<string, string>;

  constructor(
    scope: Construct,
    id: string,
    facts: NetworkFacts,
    clients: readonly ISecurityGroup[],
    served: ServedRouteTables,
  ) {
    super(scope, id);
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc: facts.vpc,
      description: 'VPC endpoints of unleak',
      allowAllOutbound: false,
    });
    for (const client of clients) group.addIngressRule(client, Port.HTTPS, 'functions of unleak');
    this.environment = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: this.makeInterface('secretsmanager', facts, group),
      AWS_ENDPOINT_URL_SNS: this.makeInterface('sns', facts, group),
    };
    this.makeGateway(facts, served);
  }

  /** An interface endpoint; its address is told to the functions. */
  private makeInterface(service: string, facts: NetworkFacts, group: SecurityGroup): string {
    const endpoint = new CfnVPCEndpoint(this, service, {
      vpcEndpointType: 'Interface',
      vpcId: facts.vpc.vpcId,
      serviceName: `com.amazonaws.${Aws.REGION}.${service}`,
      subnetIds: facts.subnets.map((subnet) => subnet.subnetId),
      securityGroupIds: [group.securityGroupId],
      privateDnsEnabled: false,
    });
    const name = Fn.select(1, Fn.split(':', Fn.select(0, endpoint.attrDnsEntries)));
    return `https://${name}`;
  }

  /** One for each route table of the installation: EC2 refuses a table that has one already. */
  private makeGateway({ vpc, routeTableIds }: NetworkFacts, served: ServedRouteTables): void {
    const fresh = (routeTableIds ?? []).filter((id) => !served.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) served.add(id);
    new CfnVPCEndpoint(this, 's3', {
      vpcEndpointType: 'Gateway',
      vpcId: vpc.vpcId,
      serviceName: `com.amazonaws.${Aws.REGION}.s3`,
      routeTableIds: fresh,
    });
  }
}
