import { Aspects } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { aConfig, aStack, aTarget, manyTargets } from './synthesize.ts';

const networks = {
  main: {
    vpcId: 'vpc-00000001',
    subnetIds: ['subnet-00000001', 'subnet-00000002'],
    databaseSecurityGroupIds: ['sg-00000009'],
    routeTableIds: ['rtb-00000001'],
    endpoints: 'create' as const,
  },
};

test.each([
  ['one target outside of any network', aConfig([aTarget('orders')])],
  ['targets in a network with endpoints', aConfig([aTarget('orders', { network: 'main' })], { networks })],
  ['many targets', aConfig(manyTargets(300))],
])('AWS Solutions has nothing against %s', (_, config) => {
  const { stack } = aStack(config);
  Aspects.of(stack).add(new AwsSolutionsChecks());
  const found = Annotations.fromStack(stack);
  const any = Match.stringLikeRegexp('AwsSolutions');
  expect(
    [...found.findError('*', any), ...found.findWarning('*', any)].map(({ entry }) => entry.data),
  ).toEqual([]);
});
