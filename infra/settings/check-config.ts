import { type Configuration, parseConfiguration } from '../../functions/contract/configuration.ts';
import { describeProblem } from '../../functions/contract/problems.ts';
import { ConfigurationError } from './configuration-error.ts';
import { toPlainConfig, type UnleakConfig } from './unleak-config.ts';

/**
 * A target takes one resource, beside at most about 90 for everything else: what 500 resources, which is all that CloudFormation
 * allows in a stack, hold for certain (docs/reference/infra.md).
 */
export const mostTargets = 400;

/** The configuration as the contract reads it; a ConfigurationError tells every mistake. */
export function checkConfig(config: UnleakConfig): Configuration {
  const parsed = parseConfiguration(toPlainConfig(config));
  if (!parsed.ok) throw new ConfigurationError(parsed.problems.map(describeProblem));
  const count = parsed.value.targets.length;
  if (count <= mostTargets) return parsed.value;
  throw new ConfigurationError([
    `targets: ${count} found, expected at most ${mostTargets} in one stack, since CloudFormation allows 500 resources. ` +
      'Split the file in two and deploy each: npx cdk deploy -c config=FILE -c stack=NAME',
  ]);
}
