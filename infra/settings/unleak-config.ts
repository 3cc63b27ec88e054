import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ConfigurationInput } from '../../functions/contract/configuration.ts';

type WrittenNotify = NonNullable<ConfigurationInput['notify']>;
type WrittenNetwork = NonNullable<ConfigurationInput['networks']>[string];
type WrittenTarget = ConfigurationInput['targets'][number];

/** A network as a team's own CDK code has it. */
export interface GivenNetwork {
  readonly vpc: IVpc;
  /** Private subnets with a way out by default. */
  readonly subnets?: SubnetSelection;
  /** For the function; one is made when there are none. */
  readonly securityGroups?: readonly ISecurityGroup[];
  /** They let the function in on the ports of their targets. */
  readonly databaseSecurityGroups?: readonly ISecurityGroup[];
  readonly endpoints?: 'create' | 'existing';
}

/** A target whose secret may be a construct. */
export type UnleakTarget = Omit<WrittenTarget, 'secret'> & { secret: string | ISecret };

/** What unleak.yaml says, where a VPC, a secret and a topic may also be constructs. */
export type UnleakConfig = Omit<ConfigurationInput, 'notify' | 'networks' | 'targets'> & {
  notify?: (Omit<WrittenNotify, 'topic'> & { topic?: string | ITopic | undefined }) | undefined;
  networks?: Record<string, WrittenNetwork | GivenNetwork> | undefined;
  targets: readonly UnleakTarget[];
};

/** Whether a network is given as constructs. */
export function isGivenNetwork(network: WrittenNetwork | GivenNetwork): network is GivenNetwork {
  return 'vpc' in network;
}

/** The configuration as a file could hold it, so that the contract can check the rest: constructs become stand-ins. */
export function toPlainConfig({ notify, networks, targets, ...rest }: UnleakConfig): unknown {
  return {
    ...rest,
    ...(notify && {
      notify: { ...notify, topic: typeof notify.topic === 'string' ? notify.topic : undefined },
    }),
    ...(networks && {
      networks: Object.fromEntries(
        Object.entries(networks).map(([name, network]) => [
          name,
          isGivenNetwork(network) ? standIn : network,
        ]),
      ),
    }),
    targets: targets.map((target) => ({
      ...target,
      secret: typeof target.secret === 'string' ? target.secret : 'given-in-code',
    })),
  };
}

const standIn = { vpcId: 'vpc-0', subnetIds: ['subnet-0'] };
