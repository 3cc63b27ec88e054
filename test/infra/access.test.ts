import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import { Unleak } from '../../infra/constructs/unleak.ts';
import { aConfig, anApp, aTarget, installedIn, only, statementsOf, synthesize } from './synthesize.ts';

const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

function statements(targets: Parameters<typeof aConfig>[0]) {
  return statementsOf(synthesize(aConfig(targets)), 'lambda.amazonaws.com');
}

function resourcesOf(all: Record<string, unknown>[], action: string): unknown {
  return all.find(({ Action }) => Action === action)?.['Resource'];
}

describe('the function reads', () => {
  test.each([
    [
      'a secret by its name, with the six characters that AWS adds',
      'prod/orders',
      /:secret:prod\/orders-\?{6}$/,
    ],
    ['a name that ends like a suffix too', 'prod/orders-unleak', /:secret:prod\/orders-unleak-\?{6}$/],
    ['a secret by its whole ARN, exactly that', `${arn}prod/orders-AbC123`, /:secret:prod\/orders-AbC123$/],
    ['an ARN without its suffix, with one', `${arn}prod/orders`, /:secret:prod\/orders-\?{6}$/],
  ])('%s', (_, secret, expected) => {
    const resource = resourcesOf(
      statements([aTarget('orders', { secret })]),
      'secretsmanager:GetSecretValue',
    );
    const text = typeof resource === 'string' ? resource : joined(resource);
    expect(text).toMatch(expected);
  });

  test('no secret of another target’s network', () => {
    const network = { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001'], endpoints: 'existing' as const };
    const config = aConfig([aTarget('orders'), aTarget('stock', { network: 'main' })], {
      networks: { main: network },
    });
    const policies = Object.entries(synthesize(config).findResources('AWS::IAM::Policy'));
    const readers = (name: string) =>
      policies.filter(([, policy]) => JSON.stringify(policy).includes(`prod/${name}/`)).map(([id]) => id);
    expect([readers('orders'), readers('stock')]).toEqual([
      [expect.stringContaining('NoNetwork')],
      [expect.stringContaining('main')],
    ]);
  });

  test('keys that the file names, through Secrets Manager only', () => {
    const all = statements([aTarget('orders', { secretKey: keyArn }), aTarget('stock')]);
    expect(all.filter(({ Condition }) => Condition !== undefined)).toEqual([
      {
        Action: 'kms:Decrypt',
        Effect: 'Allow',
        Resource: keyArn,
        Condition: { StringEquals: { 'kms:ViaService': expect.anything() as unknown } },
      },
    ]);
  });

  test('no key where the secret is under the one that AWS keeps', () => {
    expect(statements([aTarget('orders')]).some(({ Condition }) => Condition !== undefined)).toBe(false);
  });

  test('a secret given as a construct, with its key; the function knows it', () => {
    const stack = new Stack(anApp(), 'team');
    const encryptionKey = new Key(stack, 'Key');
    // With exactOptionalPropertyTypes CDK's classes do not fit its interfaces.
    const secret = new Secret(stack, 'Secret', { encryptionKey }) as ISecret;
    new Unleak(stack, 'Unleak', { config: aConfig([aTarget('orders', { secret })]) });
    const template = Template.fromStack(stack);
    const all = statementsOf(template, 'lambda.amazonaws.com');
    expect(resourcesOf(all, 'secretsmanager:GetSecretValue')).toEqual({
      Ref: expect.stringMatching(/^Secret/) as unknown,
    });
    expect(resourcesOf(all, 'kms:Decrypt')).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'],
    });
    expect(JSON.stringify(only(template, 'AWS::Lambda::Function')['Code'])).toContain('{"Ref":"Secret');
    expect(installedIn(only(template, 'AWS::Lambda::Function')).targets['orders']?.secret).toBe('…');
  });
});

test('what only CloudFormation knows may be the host, the port and the key of a target', () => {
  const stack = new Stack(anApp(), 'team');
  const param = new CfnParameter(stack, 'Port', { type: 'Number' });
  const secretKey = new Key(stack, 'Key');
  const { host, port } = { host: Fn.importValue('host'), port: param.valueAsNumber };
  const config = aConfig([
    aTarget('orders', { host, port, secretKey: secretKey.keyArn }),
    aTarget('stock', { secretKey: secretKey as IKey }),
  ]);
  new Unleak(stack, 'Unleak', { config });
  const template = Template.fromStack(stack);
  expect(resourcesOf(statementsOf(template, 'lambda.amazonaws.com'), 'kms:Decrypt')).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'],
  });
  const code = JSON.stringify(only(template, 'AWS::Lambda::Function')['Code']);
  expect(code).toMatch(/host\\":\\"",\{"Fn::ImportValue":"host"\},"\\",\\"port\\":",\{"Ref":"Port"\},",/);
});

test('the function may do nothing else', () => {
  const actions = statements([aTarget('orders')]).flatMap(({ Action }) => Action);
  expect(actions.sort()).toEqual([
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
    'secretsmanager:GetSecretValue',
    'sns:Publish',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:SendMessage',
  ]);
});

test('every right names its resource; only tracing has none', () => {
  const unnamed = (template: Template) =>
    statementsOf(template, 'lambda.amazonaws.com').flatMap(({ Action, Resource }) =>
      Resource === '*' ? [Action] : [],
    );
  expect(unnamed(synthesize(aConfig([aTarget('orders')])))).toEqual([]);
  expect(unnamed(synthesize(aConfig([aTarget('orders')], { tracing: true })))).toEqual([
    ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  ]);
});

function joined(value: unknown): string {
  const { 'Fn::Join': join } = value as { 'Fn::Join': [string, unknown[]] };
  return join[1].map((part) => (typeof part === 'string' ? part : '…')).join(join[0]);
}
