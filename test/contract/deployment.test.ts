import { describe, expect, test } from 'vitest';
import { describeProblem } from '../../functions/contract/problems.ts';
import { parseConfiguration } from '../../functions/contract/configuration.ts';
import { readConfiguration } from '../../functions/contract/read-configuration.ts';

const base = {
  policies: { web: { rules: [{ name: 'old', state: 'idle', for: '1h' }] } },
  targets: [
    { name: 'orders', engine: 'postgres', secret: 'prod/orders', policy: 'web', schedule: 'rate(5 minutes)' },
  ],
};
const [target] = base.targets;

function problemsOf(more: object): string[] {
  const parsed = parseConfiguration({ ...base, ...more });
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

describe('what only a deployment needs', () => {
  test('has defaults', () => {
    expect(parseConfiguration(base)).toMatchObject({
      ok: true,
      value: {
        alarms: { utilization: 0.8 },
        notify: { subscriptions: [], topic: null, topicKey: null },
        targets: [{ secretKey: null }],
      },
    });
  });

  test.each([
    ['email', 'dba@example.com', 'nobody'],
    ['https', 'https://example.com/hook', 'http://example.com/hook'],
    ['sms', '+4930123456', '030123456'],
    [
      'sqs',
      'arn:aws:sqs:eu-central-1:111122223333:pager',
      'arn:aws:sqs:eu-central-1:111122223333:pager.fifo',
    ],
    ['lambda', 'arn:aws:lambda:eu-central-1:111122223333:function:pager', 'pager'],
  ])('a subscriber by %s has such an address and no other', (protocol, endpoint, wrong) => {
    expect(problemsOf({ notify: { subscriptions: [{ protocol, endpoint }] } })).toEqual([]);
    expect(problemsOf({ notify: { subscriptions: [{ protocol, endpoint: wrong }] } })).toEqual([
      expect.stringMatching(/^notify\.subscriptions\[0\]\.endpoint: .* found, expected /),
    ]);
  });

  test.each([
    ['notify.topic', { notify: { topic: 'arn:aws:sns:eu-central-1:111122223333:news.fifo' } }],
    ['notify.topicKey', { notify: { topicKey: 'alias/news' } }],
    ['targets[0].secretKey', { targets: [{ ...target, secretKey: 'alias/secrets' }] }],
    ['alarms.utilization', { alarms: { utilization: '101%' } }],
    [
      'networks.main.routeTableIds[0]',
      {
        networks: {
          main: { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001'], routeTableIds: ['main'] },
        },
      },
    ],
  ])('%s is checked', (path, more) => {
    expect(problemsOf(more)).toEqual([expect.stringContaining(`${path}: `)]);
  });

  test('a file is also given in the words it was written in, for schedules', () => {
    const read = readConfiguration(JSON.stringify(base));
    expect(read.ok && read.written).toEqual(base);
  });
});
