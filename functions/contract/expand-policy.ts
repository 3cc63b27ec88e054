import type { Policy, WrittenPolicy } from './policy.ts';
import { warningsOf } from './policy-warnings.ts';
import { expandPreset } from './expand-preset.ts';
import { isPreset } from './preset.ts';
import type { EngineName } from './target.ts';

/** The policy with every preset's rules in its place, as they are for this engine. */
export function expandPolicy(policy: WrittenPolicy, engine: EngineName): Policy {
  const rules = policy.rules.flatMap((entry) => (isPreset(entry) ? expandPreset(entry, engine) : [entry]));
  const presets = policy.rules.filter(isPreset);
  return { ...policy, rules, presets, warnings: warningsOf(policy, engine).map(({ message }) => message) };
}
