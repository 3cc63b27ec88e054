import { Stack } from 'aws-cdk-lib';
import {
  CfnVPCEndpoint,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  SecurityGroup,
  Subnet,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import type { NetworkFacts } from '../settings/network-facts.ts';
import { type GivenNetwork, isGivenNetwork, type UnleakConfig } from '../settings/unleak-config.ts';

/* CDK warns where these are missing; nothing here asks what they are. */
const unasked = { availabilityZone: 'unknown', routeTableId: 'unknown' };

type FileNetwork = Configuration['networks'][string];

/** The facts of a network, by its ids from a file or from constructs; no look-up, so that synth needs no account. */
export function importNetwork(
  scope: Construct,
  name: string,
  config: UnleakConfig,
  configuration: Configuration,
): NetworkFacts {
  const written = config.networks?.[name];
  if (written && isGivenNetwork(written)) return fromConstructs(name, written);
  const network = configuration.networks[name];
  if (network === undefined) throw new Error(`no network ${name}: the configuration was not checked`);
  return fromFile(scope, name, network);
}

function fromFile(scope: Construct, name: string, network: FileNetwork): NetworkFacts {
  const groups = (kind: string, ids: readonly string[] = []): ISecurityGroup[] =>
    ids.map((id) => SecurityGroup.fromSecurityGroupId(scope, `${kind}-${id}`, id));
  return {
    name,
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', {
      vpcId: network.vpcId,
      availabilityZones: [unasked.availabilityZone],
    }),
    subnets: network.subnetIds.map((id) =>
      Subnet.fromSubnetAttributes(scope, id, { subnetId: id, ...unasked }),
    ),
    isolated: false,
    securityGroups: groups('own', network.securityGroupIds),
    databaseSecurityGroups: groups('database', network.databaseSecurityGroupIds),
    routeTableIds: network.routeTableIds ?? null,
    endpoints: network.endpoints ?? null,
  };
}

function fromConstructs(name: string, given: GivenNetwork): NetworkFacts {
  const { subnets } = given.vpc.selectSubnets(given.subnets);
  const isolatedIds = new Set(given.vpc.isolatedSubnets.map((subnet) => subnet.subnetId));
  return {
    name,
    vpc: given.vpc,
    subnets,
    isolated: subnets.some((subnet) => isolatedIds.has(subnet.subnetId)),
    securityGroups: given.securityGroups ?? [],
    databaseSecurityGroups: given.databaseSecurityGroups ?? [],
    routeTableIds: given.endpoints === 'create' ? routeTablesOf(given.vpc, subnets) : [],
    // Subnets of a VPC in code show by themselves whether they have a way out.
    endpoints:
      given.endpoints ?? (subnets.some((subnet) => isolatedIds.has(subnet.subnetId)) ? null : 'existing'),
  };
}

/** None where the VPC's own code makes an S3 gateway; CDK enters it into every route table of the VPC by default. */
function routeTablesOf(vpc: IVpc, subnets: readonly ISubnet[]): string[] | null {
  if (vpc.node.findAll().some(isS3Gateway)) return [];
  const ids = [...new Set(subnets.map((subnet) => subnet.routeTable.routeTableId))];
  return ids.length > 0 ? ids : null;
}

function isS3Gateway(construct: IConstruct): boolean {
  if (!(construct instanceof CfnVPCEndpoint) || construct.vpcEndpointType !== 'Gateway') return false;
  const name = JSON.stringify(Stack.of(construct).resolve(construct.serviceName));
  return /\.s3"/.test(name);
}
