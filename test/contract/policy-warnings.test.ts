import { describe, expect, test } from 'vitest';
import { policySchema } from '../../functions/contract/policy.ts';
import { warningsOf } from '../../functions/contract/policy-warnings.ts';

const messagesOf = (rule: object) =>
  warningsOf(policySchema.parse({ rules: [{ name: 'r', state: 'idle', for: '1m', ...rule }] }), 'postgres');

describe('a group that strangers can join', () => {
  test.each([
    ['keep', { group: ['application'], keep: { newest: 2 } }],
    ['minimum', { group: ['application', 'client'], minimum: 5 }],
  ])('is warned of where %s counts in it, with what to write', (key, rule) => {
    expect(messagesOf(rule)).toEqual([
      {
        path: ['rules', 0, 'group'],
        message: expect.stringContaining(`\`${key}\``) as string,
      },
    ]);
    expect(messagesOf(rule)[0]?.message).toContain(`group: [user, ${rule.group.join(', ')}]`);
  });

  test.each([
    ['with user', { group: ['user', 'application'], keep: { newest: 2 } }],
    ['of one user', { group: ['application'], minimum: 5, match: { user: 'shop' } }],
    ['that only limits', { group: ['application'], most: 5 }],
    ['without a group', { minimum: 5 }],
  ])('%s is fine', (_what, rule) => {
    expect(messagesOf(rule)).toEqual([]);
  });
});
