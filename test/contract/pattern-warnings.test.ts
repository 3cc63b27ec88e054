import { expect, test } from 'vitest';
import { warningsOfPatterns } from '../../functions/contract/pattern-warnings.ts';
import { policySchema } from '../../functions/contract/policy.ts';

function warn(matcher: object, engine: 'postgres' | 'mysql' = 'mysql') {
  const policy = policySchema.parse({
    rules: [{ name: 'leak', state: 'idle', for: '1m', except: matcher }],
    protect: [{ ...matcher, reason: 'ours' }],
  });
  return warningsOfPatterns(policy, engine);
}

test.each([
  [{ user: 'app@%' }, 'without its host'],
  [{ user: "app@'10.%'" }, 'without its host'],
  [{ user: 'app%' }, 'any run is *'],
  [{ user: 'shop, jobs' }, 'several are a list'],
  [{ user: ' shop' }, 'a space, which counts'],
  [{ client: '10.0.0.1-10.0.0.9' }, 'write networks'],
  [{ statement: "*status = 'open'*" }, 'asks for a literal'],
  [{ statement: '*id = 42*' }, 'asks for a literal'],
  [{ statement: String.raw`/WHERE id = \d+/` }, 'asks for a literal'],
])('%j is warned of, once for each place', (matcher, words) => {
  const [field] = Object.keys(matcher);
  expect(warn(matcher)).toMatchObject([
    { path: ['rules', 0, 'except', field], message: expect.stringContaining(words) as string },
    { path: ['protect', 0, field], message: expect.stringContaining(words) as string },
  ]);
});

test.each([
  [{ user: ['shop', 'app_*', '/^a{1,3}$/'] }],
  [{ application: 'cron, nightly' }],
  [{ client: ['10.0.0.0/8', 'web-1', '10.0.*'] }],
  [{ statement: ['COPY*', '*FROM t1*', '/^SELECT .* FROM orders/'] }],
])('%j is not', (matcher) => {
  expect(warn(matcher)).toEqual([]);
});

test('a name with an @ may be a user on PostgreSQL', () => {
  expect(warn({ user: 'ann@localhost' }, 'postgres')).toEqual([]);
});
