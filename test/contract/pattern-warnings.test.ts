import { expect, test } from 'vitest';
import { warningsOfPatterns } from '../../functions/contract/pattern-warnings.ts';
import { policySchema } from '../../functions/contract/policy.ts';

function warn(matcher: object, engine: 'postgres' | 'mysql' | 'mariadb' = 'mysql') {
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
  [{ statement: '/id = [0-9]+/' }, 'asks for a literal'],
  [{ statement: '/id = 5/' }, 'asks for a literal'],
  [{ statement: '*name = "bob"*' }, 'asks for a literal'],
  [{ statement: '*/* job:nightly */*' }, 'asks for a comment'],
  [{ statement: '-- keep*' }, 'asks for a comment'],
  [{ statement: '# keep*' }, 'asks for a comment'],
  [{ statement: String.raw`/job \*\//` }, 'asks for a comment'],
  [{ statement: 'SELECT  a*' }, 'two spaces'],
  [{ client: '10.0.*:3306' }, 'has a port'],
  [{ client: '10.0.%' }, 'any run is *'],
])('%j is warned of, once for each place', (matcher, words) => {
  const [field] = Object.keys(matcher);
  expect(warn(matcher)).toMatchObject([
    { path: ['rules', 0, 'except', field], message: expect.stringContaining(words) as string },
    { path: ['protect', 0, field], message: expect.stringContaining(words) as string },
  ]);
});

test.each([
  [{ user: ['shop', 'app_*', '/^a{1,3}$/'] }],
  [{ application: ['cron, nightly', 'Sales 50%'] }],
  [{ database: '100%_club' }],
  [{ client: ['10.0.0.0/8', 'web-1', '10.0.*'] }],
  [
    {
      statement: [
        'COPY*',
        '*FROM t1*',
        '/^SELECT .* FROM orders/',
        String.raw`/FROM orders_\d+/`,
        '*FROM `2024_orders`*',
        '/^a{1,3}/',
      ],
    },
  ],
])('%j is not', (matcher) => {
  expect(warn(matcher)).toEqual([]);
});

test('a name with an @ may be a user on PostgreSQL', () => {
  expect(warn({ user: 'ann@localhost' }, 'postgres')).toEqual([]);
});

test.each([
  [{ statement: String.raw`/^select \$\d+/` }],
  [{ statement: '*FROM "2024_orders"*' }],
  [{ client: ['10.0.*', 'fd00::*'] }],
])('%j means what it looks like on PostgreSQL', (matcher) => {
  expect(warn(matcher, 'postgres')).toEqual([]);
});

test('PostgreSQL shows no host names, and MariaDB no statements of sessions that rest', () => {
  expect(warn({ client: 'db1.*' }, 'postgres')[0]?.message).toContain('addresses only');
  expect(warn({ statement: 'COPY*' }, 'mariadb').map(({ message }) => message)).toEqual([
    expect.stringContaining('every session that rests is spared'),
    expect.stringContaining('every session that rests is spared'),
  ]);
});
