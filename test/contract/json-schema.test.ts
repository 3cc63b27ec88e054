import { describe, expect, it } from 'vitest';
import { presetNames } from '../../functions/contract/preset.ts';
import { eventJsonSchema, policyJsonSchema } from '../../functions/contract/json-schema.ts';

interface Node {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly required?: readonly string[];
}

const policy = policyJsonSchema() as Node;
const [rule, presets] = policy.properties?.['rules']?.items?.anyOf ?? [];

describe('the JSON Schema of a policy', () => {
  it('is of the draft that editors know and asks for what a rule needs', () => {
    expect(policy['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(policy.required).toEqual(['rules']);
    expect(rule?.required).toEqual(['name', 'state']);
    expect(rule?.anyOf).toEqual(
      ['for', 'transaction', 'blocking', 'waiting'].map((key) => ({ required: [key] })),
    );
    expect(rule?.['additionalProperties']).toBe(false);
  });

  it('shows people what to write, not what is made of it', () => {
    expect(rule?.properties?.['for']).toMatchObject({ type: 'string', pattern: '^(?:\\d+(?:ms|s|m|h|d))+$' });
    expect(rule?.properties?.['minimum']).toMatchObject({ type: 'integer', minimum: 1 });
    expect(rule?.properties?.['unused']).toMatchObject({ const: true });
    expect(policy.properties?.['caps']?.properties?.['share']).toMatchObject({
      type: 'string',
      examples: ['80%'],
    });
  });

  it('knows every preset and its settings', () => {
    const names = presets?.oneOf?.map(({ properties }) => properties?.['preset']?.['const']);
    expect(names).toEqual(presetNames);
    for (const { properties } of presets?.oneOf ?? [])
      for (const [key, node] of Object.entries(properties ?? {}))
        if (key !== 'preset') expect(node['description'], key).toMatch(/\w{3}/);
  });

  it('says something about every key of a policy and of a rule', () => {
    for (const [key, node] of Object.entries({ ...policy.properties, ...rule?.properties }))
      expect(node['description'], key).toMatch(/\w{3}/);
  });
});

describe('the JSON Schema of an event', () => {
  it('asks for a version, a target and a policy', () => {
    expect((eventJsonSchema() as Node).required).toEqual(['version', 'target', 'policy']);
  });
});
