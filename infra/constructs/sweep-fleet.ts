import { bundledCode } from './bundle.ts';
import { Construct } from 'constructs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { defaultPorts } from '../../functions/contract/target.ts';
import type { UnleakConfig, UnleakTarget } from '../settings/unleak-config.ts';
import { FunctionNetwork } from './function-network.ts';
import { importNetwork } from './import-network.ts';
import { SweepFunction } from './sweep-function.ts';
import { grantLogins } from './target-access.ts';

/** What every function of a fleet shares. */
export interface SweepFleetProps {
  readonly config: UnleakConfig;
  readonly configuration: Configuration;
  readonly failed: Queue;
  readonly environment: (logGroupName: string) => Record<string, string>;
}

/** One sweep function for each network that targets are in, since a function lives in one VPC, and one for those in none. */
export class SweepFleet extends Construct {
  /** By the name of the network; null: outside of every VPC. */
  readonly functions: ReadonlyMap<string | null, SweepFunction>;
  private readonly props: SweepFleetProps;

  constructor(scope: Construct, id: string, props: SweepFleetProps) {
    super(scope, id);
    this.props = props;
    const networks = [...new Set(props.configuration.targets.map(({ network }) => network))];
    this.functions = new Map(networks.map((network) => [network, this.makeFunction(network)]));
  }

  /** The function that sweeps the targets of a network. */
  of(network: string | null): SweepFunction {
    const sweep = this.functions.get(network);
    if (sweep === undefined) throw new Error(`no function for the network ${network ?? '(none)'}`);
    return sweep;
  }

  private makeFunction(name: string | null): SweepFunction {
    const { config, failed, environment } = this.props;
    const scope = new Construct(this, name ?? 'NoNetwork');
    const network = name === null ? null : this.makeNetwork(scope, name);
    const where = name === null ? 'outside of any network' : `in the network ${name}`;
    const sweep = new SweepFunction(scope, 'Sweep', {
      code: bundledCode(),
      description: `unleak: looks after the database sessions of targets ${where}`,
      network,
      failed,
      environment: (logs) => ({ ...environment(logs), ...network?.environment }),
    });
    grantLogins(
      sweep.role,
      config.targets.filter((target) => (target.network ?? null) === name).map(toLogin),
    );
    return sweep;
  }

  private makeNetwork(scope: Construct, name: string): FunctionNetwork {
    const { config, configuration } = this.props;
    const targets = config.targets.filter(({ network }) => network === name);
    const ports = [...new Set(targets.map(({ port, engine }) => port ?? defaultPorts[engine]))];
    const networkScope = new Construct(scope, 'Imports');
    return new FunctionNetwork(
      scope,
      'Network',
      importNetwork(networkScope, name, config, configuration),
      ports,
    );
  }
}

function toLogin({ secret, secretKey }: UnleakTarget) {
  return { secret, secretKey: secretKey ?? null };
}
