import { Annotations } from 'aws-cdk-lib';
import { type ISecurityGroup, type ISubnet, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { NetworkFacts } from '../settings/network-facts.ts';
import type { DatabaseDoors } from './database-doors.ts';
import { Endpoints, type ServedRouteTables } from './endpoints.ts';

const httpsPort = 443;

/** What the networks of an installation share, and the ports of one. */
export interface SharedByNetworks {
  readonly ports: readonly number[];
  readonly doors: DatabaseDoors;
  readonly gateways: ServedRouteTables;
}

/** Where a function lives: the given subnets, its security groups, and its ways to AWS and to the databases. */
export class FunctionNetwork extends Construct {
  readonly facts: NetworkFacts;
  readonly securityGroups: readonly ISecurityGroup[];
  private readonly endpoints: Endpoints | null;

  constructor(scope: Construct, id: string, facts: NetworkFacts, shared: SharedByNetworks) {
    super(scope, id);
    const { ports, doors, gateways } = shared;
    this.facts = facts;
    this.securityGroups =
      facts.securityGroups.length > 0 ? facts.securityGroups : [this.makeSecurityGroup(facts, ports)];
    for (const database of facts.databaseSecurityGroups)
      for (const port of ports) this.letInto(database, port, doors);
    this.endpoints =
      facts.endpoints === 'create'
        ? new Endpoints(this, 'Endpoints', facts, this.securityGroups, gateways)
        : null;
    this.warn();
  }

  /** Lets the function into a database's group on one port. */
  letInto(database: ISecurityGroup, port: number, doors: DatabaseDoors): void {
    for (const own of this.securityGroups) doors.open(database, own, port);
  }

  get subnets(): readonly ISubnet[] {
    return this.facts.subnets;
  }

  /** What tells the SDK to use our endpoints; empty without them. */
  get environment(): Record<string, string> {
    return this.endpoints?.environment ?? {};
  }

  /** Out of it go the protocols of the databases and of AWS, and nothing else; names are resolved past every security group. */
  private makeSecurityGroup({ vpc }: NetworkFacts, ports: readonly number[]): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Functions of unleak',
      allowAllOutbound: false,
    });
    for (const peer of [Peer.anyIpv4(), Peer.anyIpv6()]) {
      group.addEgressRule(peer, Port.HTTPS, 'AWS');
      for (const port of ports.filter((port) => port !== httpsPort))
        group.addEgressRule(peer, Port.tcp(port), 'databases');
    }
    return group;
  }

  /** A function without a way to AWS hangs until its time-out, so a file that says nothing of one gets a warning. */
  private warn(): void {
    const { name, endpoints, isolated } = this.facts;
    const warn = (key: string, text: string) => Annotations.of(this).addWarningV2(`unleak:${key}`, text);
    if (endpoints === null)
      warn(
        'endpoints',
        `networks.${name}: ${isolated ? 'its subnets have no way out' : 'endpoints is missing'}, so every sweep may hang until its time-out. ` +
          'Write `endpoints: existing` if the subnets have a NAT gateway or VPC endpoints for Secrets Manager, SNS and S3, or `endpoints: create`',
      );
    if (endpoints === 'create' && this.facts.routeTableIds === null)
      warn(
        'route-tables',
        `networks.${name}.routeTableIds: missing, expected the route tables of its subnets for an S3 gateway endpoint. ` +
          'Without one there, or a NAT gateway, every sweep fails with publish.history. Write `routeTableIds: []` where there is one already',
      );
  }
}
