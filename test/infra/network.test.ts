import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { Unleak } from '../../infra/constructs/unleak.ts';
import {
  aConfig,
  anApp,
  aStack,
  aTarget,
  only,
  propertiesOf,
  statementsOf,
  synthesize,
} from './synthesize.ts';

const vpc = { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001', 'subnet-00000002'] };
const target = aTarget('orders', { network: 'main' });

function inNetwork(network: object) {
  return aConfig([target], { networks: { main: { ...vpc, ...network } } });
}

function warnings(config: ReturnType<typeof aConfig>): string[] {
  const found = Annotations.fromStack(aStack(config).stack).findWarning('*', Match.anyValue());
  return found.map(({ entry }) => entry.data as string);
}

describe('a network by its ids', () => {
  test('is used as it is, with a security group of our own', () => {
    const template = synthesize(inNetwork({ endpoints: 'existing' }));
    expect(only(template, 'AWS::Lambda::Function')).toMatchObject({
      VpcConfig: {
        SubnetIds: ['subnet-00000001', 'subnet-00000002'],
        SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringContaining('SecurityGroup'), 'GroupId'] }],
      },
    });
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('lets nothing out of it but the protocols of the databases and of AWS', () => {
    const config = aConfig(
      [
        target,
        aTarget('stock', { network: 'main', engine: 'mysql' as const, policy: 'other' }),
        aTarget('audit', { network: 'main', port: 6543 }),
        aTarget('elsewhere', { port: 7000 }),
      ],
      {
        networks: { main: { ...vpc, endpoints: 'existing' as const } },
        policies: {
          ...aConfig([]).policies,
          other: { rules: [{ name: 'old', state: 'idle' as const, for: '1h' }] },
        },
      },
    );
    const { SecurityGroupEgress } = only(synthesize(config), 'AWS::EC2::SecurityGroup') as {
      SecurityGroupEgress: Record<string, unknown>[];
    };
    const rules = SecurityGroupEgress.map(({ IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6 }) =>
      [IpProtocol, FromPort, ToPort, CidrIp ?? CidrIpv6].join(' '),
    );
    expect(rules.sort()).toEqual(
      [3306, 443, 5432, 6543].flatMap((port) =>
        ['0.0.0.0/0', '::/0'].map((peer) => `tcp ${port} ${port} ${peer}`),
      ),
    );
  });

  test('keeps the rights over network interfaces from the code of the function', () => {
    const statements = statementsOf(synthesize(inNetwork({ endpoints: 'existing' })), 'lambda.amazonaws.com');
    const [allowed, denied] = ['Allow', 'Deny'].map((effect) =>
      statements.filter(({ Action, Effect }) => Effect === effect && String(Action).includes('ec2:')),
    );
    const interfaces = (allowed?.[0]?.['Action'] as string[]).filter((action) => action.startsWith('ec2:'));
    expect(interfaces).toHaveLength(6);
    expect(denied).toEqual([
      {
        Effect: 'Deny',
        Action: expect.arrayContaining(interfaces) as unknown,
        Resource: '*',
        Condition: {
          ArnEquals: {
            'lambda:SourceFunctionArn': { 'Fn::GetAtt': [expect.stringContaining('SweepFunction'), 'Arn'] },
          },
        },
      },
    ]);
  });

  test('lets the function into the databases on the ports of its targets', () => {
    const config = inNetwork({
      securityGroupIds: ['sg-00000001'],
      databaseSecurityGroupIds: ['sg-00000009'],
      endpoints: 'existing',
    });
    expect(only(synthesize(config), 'AWS::EC2::SecurityGroupIngress')).toMatchObject({
      GroupId: 'sg-00000009',
      SourceSecurityGroupId: 'sg-00000001',
      IpProtocol: 'tcp',
      FromPort: 5432,
      ToPort: 5432,
    });
  });

  test('opens each group once for each source and port, and a target’s own group on its own port only', () => {
    const shared = { ...vpc, securityGroupIds: ['sg-00000001'], endpoints: 'existing' as const };
    const doors = { databaseSecurityGroupIds: ['sg-00000009'] };
    const config = aConfig(
      [
        target,
        aTarget('stock', { network: 'other' }),
        aTarget('audit', { network: 'other', port: 6543, databaseSecurityGroups: ['sg-00000008'] }),
        aTarget('more', { network: 'other', databaseSecurityGroups: ['sg-00000008', 'sg-00000009'] }),
      ],
      { networks: { main: { ...shared, ...doors }, other: shared } },
    );
    const rules = propertiesOf(synthesize(config), 'AWS::EC2::SecurityGroupIngress').map(
      ({ GroupId, SourceSecurityGroupId, FromPort }) => [GroupId, SourceSecurityGroupId, FromPort].join(' '),
    );
    expect(rules.sort()).toEqual([
      'sg-00000008 sg-00000001 5432',
      'sg-00000008 sg-00000001 6543',
      'sg-00000009 sg-00000001 5432',
    ]);
  });

  test('is refused where a shared group may be opened twice on a port that only CloudFormation knows', () => {
    const stack = new Stack(anApp(), 'team');
    const port = new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;
    const main = { ...vpc, databaseSecurityGroupIds: ['sg-00000009'], endpoints: 'existing' as const };
    const config = aConfig([target, aTarget('stock', { network: 'main', port })], { networks: { main } });
    expect(() => new Unleak(stack, 'Unleak', { config })).toThrow(/share the security group.*`port`/);
  });

  test('enters each route table into one S3 gateway endpoint, however many networks there are', () => {
    const made = { ...vpc, endpoints: 'create' as const };
    const config = aConfig([target, aTarget('stock', { network: 'other' })], {
      networks: {
        main: { ...made, routeTableIds: ['rtb-00000001'] },
        other: { ...made, routeTableIds: ['rtb-00000001', 'rtb-00000002'] },
      },
    });
    const gateways = propertiesOf(synthesize(config), 'AWS::EC2::VPCEndpoint').filter(
      ({ VpcEndpointType }) => VpcEndpointType === 'Gateway',
    );
    expect(gateways.map(({ RouteTableIds }) => RouteTableIds)).toEqual([['rtb-00000001'], ['rtb-00000002']]);
  });

  test('gets endpoints that no other traffic of the VPC uses, and the function is told of them', () => {
    const template = synthesize(inNetwork({ endpoints: 'create', routeTableIds: ['rtb-00000001'] }));
    expect(propertiesOf(template, 'AWS::EC2::VPCEndpoint')).toMatchObject([
      { VpcEndpointType: 'Interface', PrivateDnsEnabled: false, SubnetIds: vpc.subnetIds },
      { VpcEndpointType: 'Interface', PrivateDnsEnabled: false, SubnetIds: vpc.subnetIds },
      { VpcEndpointType: 'Gateway', RouteTableIds: ['rtb-00000001'] },
    ]);
    const { Variables } = only(template, 'AWS::Lambda::Function')['Environment'] as { Variables: object };
    expect(Object.keys(Variables)).toEqual(
      expect.arrayContaining(['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_ENDPOINT_URL_SNS']),
    );
  });
});

describe('a warning at synth', () => {
  test('tells of a network that says nothing of a way to AWS', () => {
    expect(warnings(inNetwork({}))).toEqual([
      expect.stringMatching(/networks\.main: endpoints is missing.*time-out/),
    ]);
  });

  test('tells of endpoints without a way to S3', () => {
    expect(warnings(inNetwork({ endpoints: 'create' }))).toEqual([
      expect.stringMatching(/networks\.main\.routeTableIds: missing/),
    ]);
  });

  test('tells of a rule that a preset of its policy contradicts, as validate does', () => {
    const { rules } = {
      rules: [
        { preset: 'django' as const, connMaxAge: '300s' },
        { name: 'hasty', state: 'idle' as const, for: '1m' },
      ],
    };
    const config = aConfig([aTarget('orders'), aTarget('stock')], { policies: { web: { rules } } });
    expect(warnings(config)).toEqual([
      expect.stringMatching(
        /^policies\.web\.rules\[1\]\.for: The rule hasty may end sessions.*open: 6m.*\[ack: unleak:policies\.web\.rules\.1\.for\]$/,
      ),
    ]);
  });

  test('does not come where there is nothing to warn of', () => {
    expect(warnings(inNetwork({ endpoints: 'existing' }))).toEqual([]);
    expect(warnings(inNetwork({ endpoints: 'create', routeTableIds: ['rtb-00000001'] }))).toEqual([]);
  });
});

describe('a VPC given as a construct', () => {
  function given(subnetType: SubnetType, endpoints?: 'create') {
    const stack = new Stack(anApp(), 'team');
    const subnetConfiguration = [
      { name: 'out', subnetType: SubnetType.PUBLIC },
      { name: 'in', subnetType },
    ];
    // With exactOptionalPropertyTypes CDK's classes do not fit its interfaces.
    const made = new Vpc(stack, 'Vpc', { maxAzs: 2, subnetConfiguration }) as IVpc;
    const main = { vpc: made, subnets: { subnetType }, ...(endpoints && { endpoints }) };
    new Unleak(stack, 'Unleak', { config: aConfig([target], { networks: { main } }) });
    return stack;
  }

  test('needs no word about endpoints when its subnets have a NAT gateway', () => {
    const stack = given(SubnetType.PRIVATE_WITH_EGRESS);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('networks.main'))).toEqual(
      [],
    );
  });

  test('is warned of when its subnets have no way out', () => {
    const stack = given(SubnetType.PRIVATE_ISOLATED);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('no way out'))).toHaveLength(
      1,
    );
  });

  test('gets its S3 gateway endpoint without naming route tables', () => {
    Template.fromStack(given(SubnetType.PRIVATE_ISOLATED, 'create')).hasResourceProperties(
      'AWS::EC2::VPCEndpoint',
      {
        VpcEndpointType: 'Gateway',
        RouteTableIds: [{ Ref: Match.anyValue() }, { Ref: Match.anyValue() }],
      },
    );
  });
});
