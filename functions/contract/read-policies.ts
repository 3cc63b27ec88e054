import * as z from 'zod';
import { parseConfiguration } from './configuration.ts';
import { nameSchema } from './name.ts';
import { policySchema, type WrittenPolicy } from './policy.ts';
import { type Parsed, parseWith } from './problems.ts';
import { type ReadYaml, readYaml } from './read-yaml.ts';

/** A policy as a file holds it and as core reads it. */
export interface NamedPolicy {
  readonly name: string;
  /** Durations and percentages in words: what an event carries. */
  readonly input: unknown;
  /** As written: `expandPolicy` gives its rules on an engine. */
  readonly policy: WrittenPolicy;
  /** Whether the file is this policy and nothing else, so that it has no name of its own. */
  readonly isWholeFile: boolean;
}

const policiesOnly = z.strictObject({ policies: z.record(nameSchema, policySchema) });

/** Reads the policies of a file: a whole unleak.yaml, one with `policies` only, or a single policy that begins with `rules`. */
export function readPolicies(text: string): ReadYaml<readonly NamedPolicy[]> {
  return readYaml(text, (data): Parsed<readonly NamedPolicy[]> => {
    if (has(data, 'rules') && !has(data, 'policies')) {
      const parsed = parseWith(policySchema, data);
      return parsed.ok
        ? { ok: true, value: [{ name: 'policy', input: data, policy: parsed.value, isWholeFile: true }] }
        : parsed;
    }
    const parsed = has(data, 'targets') ? parseConfiguration(data) : parseWith(policiesOnly, data);
    return parsed.ok ? { ok: true, value: toNamed(parsed.value.policies, data) } : parsed;
  });
}

function toNamed(policies: Readonly<Record<string, WrittenPolicy>>, data: unknown): NamedPolicy[] {
  const inputs = (data as { policies: Record<string, unknown> }).policies; // it has just been parsed
  return Object.entries(policies).map(([name, policy]) => ({
    ...{ name, input: inputs[name], policy },
    isWholeFile: false,
  }));
}

function has(data: unknown, key: string): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, key);
}
