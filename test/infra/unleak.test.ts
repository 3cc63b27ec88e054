import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInvocation } from '../../functions/contract/invocation.ts';
import { chooseTarget } from '../../functions/flow/choose-target.ts';
import { parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';
import { readConfigurationFile } from '../../infra/settings/read-configuration-file.ts';
import type { UnleakConfig } from '../../infra/settings/unleak-config.ts';
import {
  aConfig,
  asDelivered,
  aTarget,
  installedIn,
  linesOf,
  only,
  propertiesOf,
  statementsOf,
  synthesize,
} from './synthesize.ts';

const example = readConfigurationFile('unleak.yaml');
const template = synthesize(example);

describe('a schedule', () => {
  const schedule = only(template, 'AWS::Scheduler::Schedule');

  test('is tried twice at most, within half a period, and then becomes a dead letter', () => {
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1 },
      Target: {
        RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 150 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('Undelivered'), 'Arn'] } },
      },
    });
  });

  test('names its target and the tick, and nothing that anybody could change to their advantage', () => {
    const { Input } = schedule['Target'] as { Input: string };
    expect(JSON.parse(Input)).toEqual({
      version: 2,
      target: 'orders',
      tick: {
        scheduledTime: '<aws.scheduler.scheduled-time>',
        executionId: '<aws.scheduler.execution-id>',
        attempt: '<aws.scheduler.attempt-number>',
      },
    });
    expect(parseInvocation(asDelivered(Input))).toMatchObject({
      ok: true,
      value: { target: 'orders', mode: null, tick: { attempt: 1, scheduledAtMs: Date.UTC(2030, 0, 1) } },
    });
  });

  test('keeps its time zone, and does not fire when everything is stopped', () => {
    const target = aTarget('orders', { schedule: 'cron(0/5 8-18 ? * MON-FRI *)', timezone: 'Europe/Berlin' });
    expect(only(synthesize(aConfig([target]), { stopped: true }), 'AWS::Scheduler::Schedule')).toMatchObject({
      State: 'DISABLED',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
  });

  test('is invoked by this account and this group only', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':schedule-group/unleak'])] },
              },
            },
          },
        ],
      },
    });
    expect(statementsOf(template, 'scheduler.amazonaws.com').map(({ Action }) => Action)).toEqual([
      'sqs:SendMessage',
      'lambda:InvokeFunction',
    ]);
  });
});

/** What the function sweeps when the schedule of a target fires. */
function sweptBy(config: UnleakConfig, target = 'orders') {
  const installed = installedIn(only(synthesize(config), 'AWS::Lambda::Function'));
  const deps = { telemetry: { record: () => undefined, fault: () => undefined }, now: () => 0 };
  return parseSweepEvent(chooseTarget({ version: 2, target }, installed, deps));
}

describe('what the function knows of its targets', () => {
  test('is in the words of the file, and makes the event of a sweep', () => {
    const installed = installedIn(only(template, 'AWS::Lambda::Function'));
    expect(installed).toMatchObject({
      policies: { web: example.policies['web'] },
      notify: { when: 'change', coolDown: '6h' },
      targets: { orders: { engine: 'postgres', host: 'orders.example.internal', latestMs: 600_000 } },
    });
    expect(sweptBy(example)).toMatchObject({
      target: { name: 'orders', mode: 'dry-run', secret: 'prod/orders/unleak' },
      notifySettings: { when: 'change', coolDownMs: 6 * 3_600_000 },
    });
  });

  test('is a dry run unless the file says otherwise', () => {
    const modeOf = (more: object) => sweptBy(aConfig([aTarget('orders', more)])).target.mode;
    expect([modeOf({}), modeOf({ mode: 'enforce' })]).toEqual(['dry-run', 'enforce']);
  });

  test('are the targets of its own network, and their policies only', () => {
    const { policies } = example;
    const config = aConfig([aTarget('orders'), aTarget('stock', { network: 'main', policy: 'other' })], {
      policies: { ...policies, other: { rules: [{ name: 'old', state: 'idle', for: '1h' }] } },
      networks: { main: { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001'], endpoints: 'existing' } },
    });
    const known = propertiesOf(synthesize(config), 'AWS::Lambda::Function').map(installedIn);
    expect(known.map(({ targets, policies }) => [...Object.keys(targets), ...Object.keys(policies)])).toEqual(
      [
        ['orders', 'web'],
        ['stock', 'other'],
      ],
    );
  });

  test.each([
    // As late as Scheduler and Lambda may be, where two periods are less.
    ['rate(1 minute)', 180],
    ['rate(5 minutes)', 600],
    ['cron(0/10 8-18 ? * MON-FRI *)', 1_200],
    ['rate(1 day)', 172_800],
  ])('says how late a tick of %s may be: %i s', (schedule, seconds) => {
    const properties = only(synthesize(aConfig([aTarget('orders', { schedule })])), 'AWS::Lambda::Function');
    expect(installedIn(properties).targets['orders']?.latestMs).toBe(seconds * 1_000);
  });

  test('is the code that Lambda runs: it loads ours from the layer and hands the event over', async () => {
    const lines = linesOf(only(template, 'AWS::Lambda::Function'));
    const folder = mkdtempSync(join(tmpdir(), 'unleak-lines-'));
    const layer = 'export const handler = async (...given) => given;';
    writeFileSync(join(folder, 'sweep.mjs'), layer);
    writeFileSync(join(folder, 'index.cjs'), lines.replace('/opt/unleak/', `${folder}/`));
    const index = (await import(join(folder, 'index.cjs'))) as {
      handler: (event: string, context: string) => unknown;
    };
    expect(await index.handler('event', 'context')).toEqual([
      'event',
      'context',
      installedIn(only(template, 'AWS::Lambda::Function')),
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe('the function', () => {
  test('is Node.js 24 on arm64, with JSON logs that expire, no traces and a time-out below the shortest period', () => {
    expect(only(template, 'AWS::Lambda::Function')).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Layers: [{ Ref: expect.stringContaining('Layer') as unknown }],
      Timeout: 60,
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
    });
    expect(only(template, 'AWS::Logs::LogGroup')).toMatchObject({ RetentionInDays: 90 });
  });

  test('is not retried by Lambda; what it did not do becomes a dead letter', () => {
    expect(only(template, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining('Failed'), 'Arn'] } },
      },
    });
  });

  test('has no network where no target is in one', () => {
    expect(only(template, 'AWS::Lambda::Function')).not.toHaveProperty('VpcConfig');
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });
});

describe('what is kept', () => {
  test('is encrypted, and refuses what does not come over TLS', () => {
    const insecure = Match.objectLike({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    for (const type of ['AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'])
      template.allResourcesProperties(type, {
        PolicyDocument: { Statement: Match.arrayWith([insecure]) },
      });
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    expect(only(template, 'AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true });
    expect(only(template, 'AWS::SNS::Topic')).toHaveProperty('KmsMasterKeyId');
    expect(only(template, 'AWS::S3::Bucket')).toMatchObject({
      BucketEncryption: expect.anything() as unknown,
      LifecycleConfiguration: expect.anything() as unknown,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });
});

test('stopping changes the state of the schedules, silences the alarms, and tells the watch', () => {
  const running = synthesize(example).toJSON() as { Resources: Record<string, { Type: string }> };
  const stopped = synthesize(example, { stopped: true }).toJSON() as typeof running;
  const changed = Object.keys(running.Resources).filter(
    (id) => JSON.stringify(running.Resources[id]) !== JSON.stringify(stopped.Resources[id]),
  );
  expect(changed.map((id) => running.Resources[id]?.Type)).toEqual([
    'AWS::Lambda::Function', // the watch: it says once that everything is stopped
    'AWS::Scheduler::Schedule',
    ...Array.from({ length: 4 }, () => 'AWS::CloudWatch::Alarm'),
  ]);
});

test('the template is the one that was reviewed', () => {
  expect(mask(template.toJSON())).toMatchSnapshot();
});

/** Code hashes change whenever a function does. */
function mask(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json).replace(/[0-9a-f]{64}/g, 'HASH'));
}
