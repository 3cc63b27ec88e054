import type { Configuration } from './configuration.ts';
import { warningsOfHosts } from './host-warnings.ts';
import { warningsOfPatterns } from './pattern-warnings.ts';
import { type Warning, warningsOf } from './policy-warnings.ts';

/** The warnings of every policy on every engine that a target uses it for, each once; `path` is within the file. */
export function warningsIn(configuration: Configuration): readonly Warning[] {
  const { policies, targets } = configuration;
  const warnings = targets.flatMap(({ policy: name, engine }) => {
    const policy = policies[name];
    const found = policy ? [...warningsOf(policy, engine), ...warningsOfPatterns(policy, engine)] : [];
    return found.map(({ path, message }) => ({ path: ['policies', name, ...path], message }));
  });
  return [...warningsOfHosts(configuration), ...distinct(warnings)];
}

function distinct(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
