import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { warningsIn } from '../../functions/contract/configuration-warnings.ts';
import { formatPath } from '../../functions/contract/problems.ts';

/** What `unleak validate` warns of, as warnings of synth: a rule that ends sessions a program still uses is best seen before deploying it. */
export function warnOfPolicies(scope: Construct, configuration: Configuration): void {
  for (const { path, message } of warningsIn(configuration)) {
    const id = `unleak:${path.join('.')}`; // by which it can be acknowledged; brackets would end it
    Annotations.of(scope).addWarningV2(id, `${formatPath(path)}: ${message}`);
  }
}
