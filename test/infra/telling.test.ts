import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { Unleak } from '../../infra/constructs/unleak.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import {
  aConfig,
  anApp,
  aTarget,
  manyTargets,
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

  test('tell of faults, throttles, dead letters, missed sweeps and full servers', () => {
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      'unleak-dead-letters',
      'unleak-faults',
      'unleak-not-swept-orders',
      'unleak-throttles',
      'unleak-utilization-orders',
    ]);
  });

  test('ring when a target was not swept for three periods, and when nothing is known of it', () => {
    expect(alarms).toContainEqual(
      expect.objectContaining({
        Metrics: [
          expect.objectContaining({ Expression: 'FILL(m0,0)' }),
          expect.objectContaining({
            MetricStat: {
              Metric: {
                Namespace: 'unleak',
                MetricName: 'Swept',
                Dimensions: [
                  { Name: 'installation', Value: 'unleak' },
                  { Name: 'target', Value: 'orders' },
                ],
              },
              Period: 900,
              Stat: 'Sum',
            },
          }),
        ],
        EvaluationPeriods: 1,
        TreatMissingData: 'breaching',
        ComparisonOperator: 'LessThanThreshold',
      }),
    );
  });

  test('of two installations look at metrics of their own, which the functions are told to emit', () => {
    const stack = new Stack(anApp(), 'staging');
    const config = aConfig([target]);
    const [first, second] = ['Unleak', 'Second'].map((id) => new Unleak(stack, id, { config }));
    const dimensionsOf = (unleak?: Unleak) => unleak?.metric('orders', 'swept').dimensions;
    expect([dimensionsOf(first), dimensionsOf(second)]).toEqual([
      { installation: 'staging', target: 'orders' },
      { installation: 'staging-Second', target: 'orders' },
    ]);
    const functions = propertiesOf(Template.fromStack(stack), 'AWS::Lambda::Function');
    expect(functions.map(({ Environment }) => Environment)).toMatchObject([
      { Variables: { UNLEAK_INSTALLATION: 'staging' } },
      { Variables: { UNLEAK_INSTALLATION: 'staging-Second' } },
    ]);
  });

  test('about a cron that pauses overnight see two sweeps in a row', () => {
    const cron = aTarget('orders', { schedule: 'cron(0/5 8-18 ? * MON-FRI *)' });
    expect(propertiesOf(synthesize(aConfig([cron])), 'AWS::CloudWatch::Alarm')).toContainEqual(
      expect.objectContaining({ MetricName: 'Utilization', Period: 300, EvaluationPeriods: 2 }),
    );
  });

  test('do not mix crons of other times or time zones', () => {
    const targets = manyTargets(130).map((one, index) => ({
      ...one,
      schedule: 'cron(0/5 8-18 ? * MON-FRI *)',
      timezone: index % 2 === 0 ? 'Europe/Berlin' : 'America/New_York',
    }));
    const found = propertiesOf(synthesize(aConfig(targets)), 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => String(AlarmName).includes('not-swept'),
    );
    expect(found).toHaveLength(14);
    for (const { AlarmDescription } of found) {
      const numbers = [...String(AlarmDescription).matchAll(/orders-(\d+)/g)].map(
        ([, number]) => Number(number) % 2,
      );
      expect(new Set(numbers).size).toBe(1);
    }
  });

  test('take the utilization from the file', () => {
    expect(alarms).toContainEqual(expect.objectContaining({ MetricName: 'Utilization', Threshold: 90 }));
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

  test('share an expression over ten targets in a large installation', () => {
    const many = synthesize(aConfig(manyTargets(300)));
    const missed = many.findResources('AWS::CloudWatch::Alarm', {
      Properties: { AlarmName: Match.stringLikeRegexp('not-swept') },
    });
    expect(Object.keys(missed)).toHaveLength(30);
    many.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'unleak-not-swept-orders-1-and-others',
      Metrics: Match.arrayWith([
        Match.objectLike({
          Expression: Match.stringLikeRegexp(/^MIN\(\[FILL\(m0,0\),.*FILL\(m9,0\)\]\)$/.source),
        }),
      ]),
    });
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
