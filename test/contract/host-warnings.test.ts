import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../functions/contract/configuration.ts';
import { warningsIn } from '../../functions/contract/configuration-warnings.ts';

function read(host: string, notify: object = {}) {
  const policies = { web: { rules: [{ name: 'old', state: 'idle', for: '1h' }] } };
  const target = {
    name: 'orders',
    engine: 'postgres',
    host,
    secret: 'a',
    policy: 'web',
    schedule: 'rate(5 minutes)',
  };
  return parseConfiguration({ policies, targets: [target], notify });
}

describe('a host that is not one server is warned of', () => {
  test.each([
    ['shop.cluster-c1a2b3.eu-central-1.rds.amazonaws.com', 'its writer only'],
    ['shop.cluster-ro-c1a2b3.eu-central-1.rds.amazonaws.com', 'another instance each time'],
    ['mine.cluster-custom-c1a2b3.eu-central-1.rds.amazonaws.com', 'any of its instances'],
    ['shop.proxy-c1a2b3.eu-central-1.rds.amazonaws.com', 'its own pool'],
    ['shop.cluster-c1a2b3.cn-north-1.rds.amazonaws.com.cn', 'its writer only'],
  ])('%s', (host, says) => {
    const parsed = read(host);
    expect(parsed.ok && warningsIn(parsed.value)).toEqual([
      { path: ['targets', 0, 'host'], message: expect.stringContaining(says) as unknown },
    ]);
  });

  test.each(['shop.c1a2b3.eu-central-1.rds.amazonaws.com', 'cluster-1.example.com', '10.0.0.7'])(
    'and one that is not: %s',
    (host) => {
      const parsed = read(host);
      expect(parsed.ok && warningsIn(parsed.value)).toEqual([]);
    },
  );
});

describe('a hook of a chat service never confirms a subscription', () => {
  test.each([
    'https://hooks.slack.com/services/T0/B0/x',
    'https://example.webhook.office.com/webhookb2/x',
    'https://prod-1.westeurope.logic.azure.com:443/workflows/x',
  ])('so it is refused with the reason: %s', (endpoint) => {
    const parsed = read('db', { subscriptions: [{ protocol: 'https', endpoint }] });
    expect(JSON.stringify(parsed)).toContain('never do, so nothing would arrive');
  });

  test('another https address is taken', () => {
    const endpoint = 'https://hooks.example.com/slack.com';
    expect(read('db', { subscriptions: [{ protocol: 'https', endpoint }] }).ok).toBe(true);
  });
});
