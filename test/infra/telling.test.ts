import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { Unleak } from '../../infra/constructs/unleak.ts';
import { metrics } from '../../functions/contract/metrics.ts';
import { parseWatched } from '../../functions/contract/watch.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import {
  aConfig,
  anApp,
  aTarget,
  installedIn,
  manyTargets,
  ofWatch,
  only,
  propertiesOf,
  statementsOf,
  synthesize,
} from './synthesize.ts';

const target = aTarget('orders');
const topicArn = 'arn:aws:sns:eu-central-1:111122223333:news';
const topicKey = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

describe('subscribers', () => {
  test('hear all by e-mail, and others from their severity on, alarms included', () => {
    const queue = 'arn:aws:sqs:eu-central-1:111122223333:pager';
    const template = synthesize(
      aConfig([target], {
        notify: {
          emails: ['dba@example.com'],
          subscriptions: [{ protocol: 'sqs', endpoint: queue, severity: 'warning' }],
        },
      }),
    );
    expect(propertiesOf(template, 'AWS::SNS::Subscription')).toEqual([
      { Protocol: 'email', Endpoint: 'dba@example.com', TopicArn: expect.anything() as unknown },
      {
        Protocol: 'sqs',
        Endpoint: queue,
        TopicArn: expect.anything() as unknown,
        FilterPolicy: { severity: ['warning', 'critical'] },
      },
      // SNS gives what has no attributes, such as an alarm, to no subscription with a filter.
      { Protocol: 'sqs', Endpoint: queue, TopicArn: { Ref: expect.stringContaining('Alarms') as unknown } },
    ]);
  });

  test('may be functions, which the topic then may invoke', () => {
    const endpoint = 'arn:aws:lambda:eu-central-1:111122223333:function:pager';
    const template = synthesize(
      aConfig([target], { notify: { subscriptions: [{ protocol: 'lambda', endpoint }] } }),
    );
    expect(only(template, 'AWS::Lambda::Permission')).toMatchObject({
      FunctionName: endpoint,
      Principal: 'sns.amazonaws.com',
      SourceArn: { Ref: expect.stringContaining('Topic') as unknown },
    });
  });
});

describe('a topic that exists', () => {
  test('is used instead of one of our own, with its key', () => {
    const template = synthesize(aConfig([target], { notify: { topic: topicArn, topicKey } }));
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    const statements = statementsOf(template, 'lambda.amazonaws.com');
    expect(statements).toContainEqual({ Action: 'sns:Publish', Effect: 'Allow', Resource: topicArn });
    expect(statements).toContainEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Effect: 'Allow',
      Resource: topicKey,
    });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topicArn] });
  });

  test('may be a construct with a key of its own, which functions and alarms then may use', () => {
    const stack = new Stack(anApp(), 'team');
    const masterKey = new Key(stack, 'Key') as IKey;
    const topic = new Topic(stack, 'News', { masterKey }) as ITopic;
    new Unleak(stack, 'Unleak', { config: aConfig([target], { notify: { topic } }) });
    const template = Template.fromStack(stack);
    expect(statementsOf(template, 'lambda.amazonaws.com')).toContainEqual(
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    );
    expect(JSON.stringify(only(template, 'AWS::KMS::Key'))).toContain('cloudwatch.amazonaws.com');
  });

  test('is refused when it is FIFO', () => {
    const stack = new Stack(anApp(), 'team');
    const topic = new Topic(stack, 'News', { fifo: true }) as ITopic;
    const config = aConfig([target], { notify: { topic } });
    expect(() => new Unleak(stack, 'Unleak', { config })).toThrow(/notify\.topic: a FIFO topic/);
  });

  test('may be a construct', () => {
    const stack = new Stack(anApp(), 'team');
    const topic = new Topic(stack, 'News');
    new Unleak(stack, 'Unleak', { config: aConfig([target], { notify: { topic } }) });
    const environment = only(Template.fromStack(stack), 'AWS::Lambda::Function')['Environment'];
    expect(environment).toMatchObject({
      Variables: { UNLEAK_TOPIC_ARN: { Ref: expect.stringMatching(/^News/) as unknown } },
    });
  });
});

describe('alarms', () => {
  const template = synthesize(aConfig([target], { alarms: { utilization: '90%' } }), {
    docsUrl: 'https://example.com/docs',
  });
  const alarms = propertiesOf(template, 'AWS::CloudWatch::Alarm');
  const namesOf = (found: readonly Record<string, unknown>[]) =>
    found.map(({ AlarmName }) => AlarmName).sort();

  test('tell of faults, throttles, dead letters and of a watch that fell silent, however many targets there are', () => {
    const expected = ['unleak-dead-letters', 'unleak-faults', 'unleak-throttles', 'unleak-watch'];
    expect(namesOf(alarms)).toEqual(expected);
    const many = propertiesOf(synthesize(aConfig(manyTargets(300))), 'AWS::CloudWatch::Alarm');
    expect(namesOf(many)).toEqual(expected);
  });

  test('say nothing while everything is stopped', () => {
    const stopped = propertiesOf(synthesize(aConfig([target]), { stopped: true }), 'AWS::CloudWatch::Alarm');
    expect(stopped.map(({ ActionsEnabled }) => ActionsEnabled)).toEqual([false, false, false, false]);
    expect(alarms.map(({ ActionsEnabled }) => ActionsEnabled)).not.toContain(false);
  });

  test('look at no metric that is paid for', () => {
    expect(JSON.stringify(alarms)).not.toContain('"Namespace":"unleak"');
  });

  test('tell the topic both when they ring and when they stop, and link a heading of the runbook', () => {
    const headings = new Set(
      [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^##+ (.+)$/gm)].map(([, text = '']) =>
        anchorOf(text),
      ),
    );
    for (const { AlarmDescription, AlarmActions, OKActions } of alarms) {
      const [, anchor = ''] =
        /https:\/\/example\.com\/docs\/runbook\.md#(\S+)$/.exec(String(AlarmDescription)) ?? [];
      expect(headings).toContain(anchor);
      const topic = [{ Ref: expect.stringContaining('Topic') as unknown }];
      expect([AlarmActions, OKActions]).toEqual([topic, topic]);
    }
  });
});

describe('metrics', () => {
  test('of two installations are their own, which the functions are told to emit', () => {
    const stack = new Stack(anApp(), 'staging');
    const config = aConfig([target], { metrics: { perTarget: ['Swept'] } });
    const [first, second] = ['Unleak', 'Second'].map((id) => new Unleak(stack, id, { config }));
    const dimensionsOf = (unleak?: Unleak) => [
      unleak?.totalMetric('swept').dimensions,
      unleak?.metric('orders', 'swept').dimensions,
    ];
    expect([dimensionsOf(first), dimensionsOf(second)]).toEqual([
      [{ installation: 'staging' }, { installation: 'staging', target: 'orders' }],
      [{ installation: 'staging-Second' }, { installation: 'staging-Second', target: 'orders' }],
    ]);
    const functions = propertiesOf(Template.fromStack(stack), 'AWS::Lambda::Function');
    expect(functions.map(({ Environment }) => Environment)).toMatchObject([
      { Variables: { UNLEAK_INSTALLATION: 'staging', UNLEAK_TARGET_METRICS: 'Swept' } },
      { Variables: { UNLEAK_INSTALLATION: 'staging-Second', UNLEAK_TARGET_METRICS: 'Swept' } },
    ]);
  });

  test('of a target are refused where the file does not ask for them', () => {
    const unleak = new Unleak(new Stack(anApp(), 'team'), 'Unleak', { config: aConfig([target]) });
    expect(() => unleak.metric('orders', 'utilization')).toThrow(/metrics\.perTarget: Utilization missing/);
  });
});

describe('the dashboard', () => {
  const bodyOf = (count: number) =>
    JSON.stringify(only(synthesize(aConfig(manyTargets(count))), 'AWS::CloudWatch::Dashboard'));

  test('is the same for any number of targets', () => {
    expect(bodyOf(300)).toBe(bodyOf(1));
  });

  test('reads only properties that a sweep writes, and only metrics that the installation has', () => {
    const body = bodyOf(1);
    const read = [...body.matchAll(/(?:max|sum|latest|ispresent)\((\w+)\)/g)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(10);
    for (const name of read) expect(Object.values(metrics.names)).toContain(name);
    const drawn = [...body.matchAll(/unleak\\+",\\+"(\w+)\\+",\\+"installation/g)].map(([, name]) => name);
    expect(drawn.sort()).toEqual(metrics.ofInstallation.map((key) => metrics.names[key]).sort());
  });
});

describe('the watch', () => {
  test('knows when each target is swept, and runs also while everything is stopped', () => {
    const cron = { schedule: 'cron(0/5 8-18 ? * MON-FRI *)', timezone: 'Europe/Berlin' };
    const template = synthesize(aConfig([target, aTarget('stock', cron)]), { stopped: true });
    const [lines = {}] = ofWatch(template, 'AWS::Lambda::Function');
    const parsed = parseWatched(installedIn(lines));
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        everyMs: 300_000,
        isStopped: true,
        targets: [
          { name: 'orders', timezone: 'UTC', graceMs: 180_000, schedule: { kind: 'rate', seconds: 300 } },
          { name: 'stock', timezone: 'Europe/Berlin', schedule: { kind: 'cron' } },
        ],
      },
    });
    expect(ofWatch(template, 'AWS::Scheduler::Schedule')).toMatchObject([
      { Name: '_watch', State: 'ENABLED', ScheduleExpression: 'rate(5 minutes)' },
    ]);
  });

  test('may list the bucket, keep its own state and publish, and reads no secret', () => {
    const roles = ofWatch(synthesize(aConfig([target])), 'AWS::IAM::Policy') as unknown as {
      PolicyDocument: { Statement: { Action: string | string[] }[] };
    }[];
    const actions = roles
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'sns:Publish',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
    ]);
  });
});

describe('the address of the docs', () => {
  test.each(['https://example.com', 'https://example.com:8443/docs'])('may be %s', (docsUrl) => {
    const template = synthesize(aConfig([target]), { docsUrl });
    const { Variables } = only(template, 'AWS::Lambda::Function')['Environment'] as { Variables: object };
    expect(Variables).toMatchObject({ UNLEAK_DOCS_URL: docsUrl });
  });

  test.each(['http://example.com', 'docs', 'https://user@example.com/docs'])(
    'is refused at synth where the functions would refuse it: %s',
    (docsUrl) => {
      expect(() => synthesize(aConfig([target]), { docsUrl })).toThrow(ConfigurationError);
    },
  );
});

/** As GitHub makes anchors. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
}
