import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';

/** A network, whether it came from a file or from a team's own constructs. */
export interface NetworkFacts {
  readonly name: string;
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  /** Whether the subnets are known to have no way out. */
  readonly isolated: boolean;
  /** Empty: one is made. */
  readonly securityGroups: readonly ISecurityGroup[];
  readonly databaseSecurityGroups: readonly ISecurityGroup[];
  /** Where an S3 gateway endpoint is to be entered; empty: there is one already; null: nobody said. */
  readonly routeTableIds: readonly string[] | null;
  readonly endpoints: 'create' | 'existing' | null;
}
