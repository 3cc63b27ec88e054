import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { mostTargets } from '../../infra/settings/check-config.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import { aConfig, aTarget, manyTargets, synthesize } from './synthesize.ts';

const network = { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001'], endpoints: 'create' as const };

function measure(count: number) {
  const json = synthesize(aConfig(manyTargets(count))).toJSON() as { Resources: object };
  return {
    resources: Object.keys(json.Resources).length,
    kilobytes: Math.ceil(JSON.stringify(json).length / 1000),
  };
}

test('300 logins by name need no more policies than IAM attaches to a role, each of a size that IAM reads', () => {
  const policies = Object.values(
    synthesize(aConfig(manyTargets(300))).findResources('AWS::IAM::ManagedPolicy'),
  ) as { Properties: { PolicyDocument: object } }[];
  expect(policies.length).toBeLessThanOrEqual(10);
  for (const { Properties } of policies) {
    const rendered = JSON.stringify(Properties.PolicyDocument)
      .replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replace(/",|,"|"/g, '')}"`)
      .replace(/\{Ref:AWS::\w+\}/g, 'us-gov-west-1!');
    expect(rendered.length).toBeLessThanOrEqual(6144);
  }
});

test('names of secrets too long for the policies of one role are refused, with what to do', () => {
  const targets = manyTargets(300).map((one) => ({ ...one, secret: `${one.name}/${'x'.repeat(480)}` }));
  expect(() => synthesize(aConfig(targets))).toThrow(
    /fill \d+ policies, expected at most 10.*-c config=FILE/,
  );
});

describe.each([1, 50, 300])('%i targets', (count) => {
  test('fit into one stack, as the table in docs/reference/infra.md says', () => {
    const { resources, kilobytes } = measure(count);
    expect(resources).toBeLessThanOrEqual(500);
    expect(kilobytes).toBeLessThanOrEqual(1000);
    const row = `| ${count} | ${resources} | ${kilobytes} KB |`;
    expect(readFileSync('docs/reference/infra.md', 'utf8')).toContain(row);
  });
});

test('as many targets as are allowed fit, each in one of many networks and with other paces', () => {
  const names = Array.from({ length: 5 }, (_, index) => `net-${index}`);
  const targets = manyTargets(mostTargets).map((target, index) => ({
    ...target,
    network: `net-${index % 5}`,
    schedule: `rate(${5 + (index % 4)} minutes)`,
  }));
  const networks = Object.fromEntries(names.map((name) => [name, network]));
  const json = synthesize(aConfig(targets, { networks })).toJSON() as { Resources: object };
  expect(Object.keys(json.Resources).length).toBeLessThanOrEqual(500);
});

test('more targets than a stack holds are refused, with the way to split them', () => {
  expect(() => synthesize(aConfig(manyTargets(mostTargets + 1)))).toThrow(
    /401 found, expected at most 400 in one stack.*-c config=FILE -c stack=NAME/,
  );
});

test('a policy that is too large for a template is refused with its size', () => {
  const protect = Array.from({ length: 200 }, (_, index) => ({
    application: Array.from({ length: 50 }, (_, part) => `${index}-${part}-`.padEnd(120, 'x')),
    reason: 'A test.',
  }));
  const config = aConfig([aTarget('orders')]);
  const [rule] = config.policies['web']?.rules ?? [];
  if (rule === undefined) throw new Error('the example has no rule');
  const large = { ...config, policies: { web: { rules: [rule], protect } } };
  expect(() => synthesize(large)).toThrow(ConfigurationError);
  expect(() => synthesize(large)).toThrow(
    /targets: about \d{7} bytes with their policies, expected at most 950000/,
  );
});
