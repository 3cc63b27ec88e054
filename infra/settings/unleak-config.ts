import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
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

/** A target whose secret and its key may be constructs; its host and port may be what only CloudFormation knows. */
export type UnleakTarget = Omit<WrittenTarget, 'secret' | 'secretKey' | 'databaseSecurityGroups'> & {
  secret: string | ISecret;
  secretKey?: string | IKey | undefined;
  databaseSecurityGroups?: readonly (string | ISecurityGroup)[] | undefined;
};

/** What unleak.yaml says, where a VPC, a secret and a topic may also be constructs. */
export type UnleakConfig = Omit<ConfigurationInput, 'notify' | 'networks' | 'targets'> & {
  notify?:
    | (Omit<WrittenNotify, 'topic' | 'topicKey'> & {
        topic?: string | ITopic | undefined;
        topicKey?: string | IKey | undefined;
      })
    | undefined;
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
      notify: { ...notify, topic: knownText(notify.topic), topicKey: knownText(notify.topicKey) },
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
      secret: knownText(target.secret) ?? 'given-in-code',
      secretKey: knownText(target.secretKey),
      databaseSecurityGroups: target.databaseSecurityGroups?.flatMap((group) => knownText(group) ?? []),
      host: Token.isUnresolved(target.host) ? 'given-in-code' : target.host,
      secretHost: Token.isUnresolved(target.secretHost) ? 'given-in-code' : target.secretHost,
      port: Token.isUnresolved(target.port) ? 1 : target.port,
    })),
  };
}

/** Undefined for a construct, and for what only CloudFormation knows. */
function knownText(value: unknown): string | undefined {
  return typeof value === 'string' && !Token.isUnresolved(value) ? value : undefined;
}

const standIn = { vpcId: 'vpc-00000000', subnetIds: ['subnet-00000000'] };
