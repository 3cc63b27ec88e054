import { Aspects } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { aConfig, aStack, aTarget, manyTargets } from './synthesize.ts';

const networks = {
  main: {
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1', 'subnet-2'],
    databaseSecurityGroupIds: ['sg-9'],
    routeTableIds: ['rtb-1'],
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
