/* What another CDK app uses: `import { Unleak, readConfigurationFile } from 'unleak/infra'`. */
export { type MetricName } from './constructs/target-metrics.ts';
export { Unleak, type UnleakProps } from './constructs/unleak.ts';
export { ConfigurationError } from './settings/configuration-error.ts';
export { readConfigurationFile } from './settings/read-configuration-file.ts';
export type { GivenNetwork, UnleakConfig, UnleakTarget } from './settings/unleak-config.ts';
export { UnleakStack } from './stacks/unleak-stack.ts';
