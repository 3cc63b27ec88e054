import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../functions/contract/event.ts';
import { readConfigurationFile } from '../../infra/settings/read-configuration-file.ts';
import { aConfig, asDelivered, aTarget, only, statementsOf, synthesize } from './synthesize.ts';

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

  test('sends an event that the function reads, in the words of the file, with the tick', () => {
    const { Input } = schedule['Target'] as { Input: string };
    const event = JSON.parse(Input) as Record<string, unknown>;
    expect(event).toMatchObject({
      version: 1,
      policy: example.policies['web'],
      notify: { when: 'change', coolDown: '6h' },
      tick: {
        scheduledTime: '<aws.scheduler.scheduled-time>',
        executionId: '<aws.scheduler.execution-id>',
        attempt: '<aws.scheduler.attempt-number>',
      },
    });
    expect(parseEvent(asDelivered(Input))).toMatchObject({
      ok: true,
      value: { target: { mode: 'dry-run' }, tick: { attempt: 1, scheduledTime: '2030-01-01T00:00:00Z' } },
    });
  });

  test('asks for a dry run unless the file says otherwise', () => {
    const modeOf = (more: object) => {
      const { Target } = only(synthesize(aConfig([aTarget('orders', more)])), 'AWS::Scheduler::Schedule');
      const parsed = parseEvent(asDelivered((Target as { Input: string }).Input));
      return parsed.ok && parsed.value.target.mode;
    };
    expect([modeOf({}), modeOf({ mode: 'enforce' })]).toEqual(['dry-run', 'enforce']);
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

describe('the function', () => {
  test('is Node.js 24 on arm64, with source maps, JSON logs that expire, traces and a time-out below the shortest period', () => {
    expect(only(template, 'AWS::Lambda::Function')).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'sweep.handler',
      Timeout: 60,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
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

test('stopping leaves all but the state of the schedules as it is', () => {
  const running = synthesize(example).toJSON() as { Resources: Record<string, { Type: string }> };
  const stopped = synthesize(example, { stopped: true }).toJSON() as typeof running;
  const changed = Object.keys(running.Resources).filter(
    (id) => JSON.stringify(running.Resources[id]) !== JSON.stringify(stopped.Resources[id]),
  );
  expect(changed.map((id) => running.Resources[id]?.Type)).toEqual(['AWS::Scheduler::Schedule']);
});

test('the template is the one that was reviewed', () => {
  expect(mask(template.toJSON())).toMatchSnapshot();
});

/** Code hashes change whenever a function does. */
function mask(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json).replace(/[0-9a-f]{64}/g, 'HASH'));
}
