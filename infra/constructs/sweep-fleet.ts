import { Construct } from 'constructs';
import { type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { defaultPorts } from '../../functions/contract/target.ts';
import type { UnleakConfig, UnleakTarget } from '../settings/unleak-config.ts';
import { refuseLargeTemplate, toInstallation } from '../settings/installation.ts';
import { DatabaseDoors } from './database-doors.ts';
import type { ServedRouteTables } from './endpoints.ts';
import { FunctionNetwork } from './function-network.ts';
import { importNetwork } from './import-network.ts';
import type { InstalledCode } from './installed-code.ts';
import { InstalledFunction } from './installed-function.ts';
import { grantLogins } from './target-access.ts';

/** What every function of a fleet shares. */
export interface SweepFleetProps {
  readonly config: UnleakConfig;
  readonly configuration: Configuration;
  readonly failed: Queue;
  readonly code: InstalledCode;
  readonly environment: (logGroupName: string) => Record<string, string>;
}

/** One sweep function for each network that targets are in, since a function lives in one VPC, and one for those in none. */
export class SweepFleet extends Construct {
  /** By the name of the network; null: outside of every VPC. */
  readonly functions: ReadonlyMap<string | null, InstalledFunction>;
  private readonly props: SweepFleetProps;
  private readonly doors: DatabaseDoors;
  private readonly gateways: ServedRouteTables = new Set();

  constructor(scope: Construct, id: string, props: SweepFleetProps) {
    super(scope, id);
    this.props = props;
    this.doors = new DatabaseDoors(this, 'Doors');
    const networks = [...new Set(props.configuration.targets.map(({ network }) => network))];
    this.functions = new Map(networks.map((network) => [network, this.makeFunction(network)]));
    this.refuseLarge();
  }

  /** The function that sweeps the targets of a network. */
  of(network: string | null): InstalledFunction {
    const sweep = this.functions.get(network);
    if (sweep === undefined) throw new Error(`no function for the network ${network ?? '(none)'}`);
    return sweep;
  }

  private makeFunction(name: string | null): InstalledFunction {
    const { failed, environment, code, configuration } = this.props;
    const scope = new Construct(this, name ?? 'NoNetwork');
    const network = name === null ? null : this.makeNetwork(scope, name);
    const where = name === null ? 'outside of any network' : `in the network ${name}`;
    const sweep = new InstalledFunction(scope, 'Sweep', {
      code: code.linesFor('sweep', this.installationOf(name)),
      layer: code.layer,
      memorySize: 512, // about a third of a processor: what was measured is in docs/infra.md
      tracing: configuration.tracing,
      description: `unleak: looks after the database sessions of targets ${where}`,
      network,
      failed,
      environment: (logs) => ({ ...environment(logs), ...network?.environment }),
    });
    grantLogins(sweep.role, this.targetsIn(name).map(toLogin));
    return sweep;
  }

  private targetsIn(network: string | null): readonly UnleakTarget[] {
    return this.props.config.targets.filter((target) => (target.network ?? null) === network);
  }

  private installationOf(network: string | null) {
    return toInstallation(this.props.config, this.targetsIn(network));
  }

  private refuseLarge(): void {
    const sizes = [...this.functions.keys()].map((name) =>
      this.props.code.sizeFor(this.installationOf(name)),
    );
    refuseLargeTemplate(sizes, this.props.config.targets.length);
  }

  private makeNetwork(scope: Construct, name: string): FunctionNetwork {
    const { config, configuration } = this.props;
    const targets = this.targetsIn(name);
    const imports = new Construct(scope, 'Imports');
    const facts = importNetwork(imports, name, config, configuration);
    const { doors, gateways } = this;
    const ports = [...new Set(targets.map(portOf))];
    const network = new FunctionNetwork(scope, 'Network', facts, { ports, doors, gateways });
    for (const target of targets)
      for (const group of importGroups(imports, target.databaseSecurityGroups))
        network.letInto(group, portOf(target), doors);
    return network;
  }
}

function portOf({ port, engine }: UnleakTarget): number {
  return port ?? defaultPorts[engine];
}

/** Groups of a target, by their ids or as constructs. */
function importGroups(
  scope: Construct,
  groups: UnleakTarget['databaseSecurityGroups'] = [],
): ISecurityGroup[] {
  return groups.map((group) => {
    if (typeof group !== 'string') return group;
    const id = `database-${group}`;
    const known = scope.node.tryFindChild(id) as ISecurityGroup | undefined;
    return known ?? SecurityGroup.fromSecurityGroupId(scope, id, group);
  });
}

function toLogin({ secret, secretKey }: UnleakTarget) {
  return { secret, secretKey: secretKey ?? null };
}
