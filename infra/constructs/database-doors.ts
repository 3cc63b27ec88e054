import { Names, Token } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ConfigurationError } from '../settings/configuration-error.ts';

/**
 * Lets functions into the security groups of databases: one rule for each group, source and port of the whole installation, since
 * EC2 refuses one that is there already and with it the deployment.
 */
export class DatabaseDoors extends Construct {
  /** The ports that are open between two groups. */
  private readonly opened = new Map<string, number[]>();

  open(database: ISecurityGroup, own: ISecurityGroup, port: number): void {
    const pair = `${nameOf(database)}-${nameOf(own)}`;
    const ports = this.opened.get(pair) ?? [];
    if (ports.includes(port)) return;
    refuseUnknown([...ports, port], database);
    this.opened.set(pair, [...ports, port]);
    new CfnSecurityGroupIngress(this, `${pair}-${Token.isUnresolved(port) ? 'port' : port}`, {
      groupId: database.securityGroupId,
      sourceSecurityGroupId: own.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: 'unleak looks after the sessions of this database',
    });
  }
}

/** A port that only CloudFormation knows may be one that is open already. */
function refuseUnknown(ports: readonly number[], database: ISecurityGroup): void {
  if (ports.length === 1 || !ports.some((port) => Token.isUnresolved(port))) return;
  throw new ConfigurationError([
    `targets: several share the security group ${database.node.path}, and the port of one is known only at deployment, expected ` +
      'the number as its `port`: the same rule twice would end the deployment',
  ]);
}

/** Ids from a file are equal where the groups are; a construct is one group. */
function nameOf({ securityGroupId, node }: ISecurityGroup): string {
  return Token.isUnresolved(securityGroupId) ? Names.nodeUniqueId(node) : securityGroupId;
}
