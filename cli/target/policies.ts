import { cleanText } from '../../functions/core/text/clean-text.ts';
import { describePlacedProblem } from '../../functions/contract/read-yaml.ts';
import { type NamedPolicy, readPolicies } from '../../functions/contract/read-policies.ts';
import { readText } from '../files/read-text.ts';
import { UsageError } from '../usage-error.ts';

/** A policy with what to call it where two are compared: `unleak.yaml#web`. */
export interface ChosenPolicy extends NamedPolicy {
  readonly label: string;
}

/** The policy that FILE, FILE#NAME or #NAME means, where `configFile` stands for a FILE left out; a UsageError names what there is. */
export async function choosePolicy(where: string, configFile: string): Promise<ChosenPolicy> {
  const hash = where.lastIndexOf('#');
  const file = (hash === -1 ? where : where.slice(0, hash)) || configFile;
  const name = hash === -1 ? null : where.slice(hash + 1);
  const policies = await readPolicyFile(file);
  const chosen = name === null ? onlyOne(policies) : policies.find((policy) => policy.name === name);
  if (chosen) return { ...chosen, label: chosen.isWholeFile ? file : `${file}#${chosen.name}` };
  throw new UsageError(`${describeMiss(cleanText(file), name, policies)}.`);
}

/** What an event says that its policy is called: its name, or the file's where it is the whole of one. */
export function toPolicyName(policy: ChosenPolicy | null): { readonly policyName?: string } {
  if (policy === null) return {};
  return { policyName: cleanText(policy.isWholeFile ? policy.label : policy.name) };
}

function describeMiss(file: string, name: string | null, policies: readonly NamedPolicy[]): string {
  if (policies.length === 0) return `${file} has no policies`;
  const there = policies.map((policy) => `${file}#${policy.name}`).join(', ');
  if (name === null) return `${file} has several policies; name one of: ${there}`;
  return `${file} has no policy ${cleanText(name)}; there is: ${there}`;
}

/** All policies of a file; a UsageError with every mistake when it has some. */
async function readPolicyFile(file: string): Promise<readonly NamedPolicy[]> {
  const read = readPolicies(await readText(file));
  if (read.ok) return read.value;
  throw new UsageError(
    read.problems.map((problem) => describePlacedProblem(cleanText(file), problem)).join('\n'),
  );
}

function onlyOne(policies: readonly NamedPolicy[]): NamedPolicy | undefined {
  return policies.length === 1 ? policies[0] : undefined;
}
