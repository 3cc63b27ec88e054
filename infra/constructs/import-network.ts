import { type ISecurityGroup, type ISubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
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
    routeTableIds: network.routeTableIds ?? [],
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
    routeTableIds: given.endpoints === 'create' ? routeTablesOf(subnets) : [],
    // Subnets of a VPC in code show by themselves whether they have a way out.
    endpoints:
      given.endpoints ?? (subnets.some((subnet) => isolatedIds.has(subnet.subnetId)) ? null : 'existing'),
  };
}

function routeTablesOf(subnets: readonly ISubnet[]): string[] {
  return [...new Set(subnets.map((subnet) => subnet.routeTable.routeTableId))];
}
