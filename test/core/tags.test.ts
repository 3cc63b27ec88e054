import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tags } from '../../functions/contract/tag-names.ts';
import { type Dialect, readStatement } from '../../functions/core/text/statement.ts';

const tagsOf = (sql: string, dialect: Dialect = 'postgres', isCut = false) =>
  readStatement(sql, dialect, isCut).tags;

describe('tags as programs write them', () => {
  test.each<readonly [string, string, Tags]>([
    [
      'google-cloud-sqlcommenter of Django, at the end',
      `SELECT "a"."id" FROM "a" /*controller='index',framework='django%3A2.2.1',route='%5Epolls/%24'*/`,
      { controller: 'index', framework: 'django:2.2.1', route: 'polls/' },
    ],
    [
      'django-sqlcommenter, at the beginning',
      `/*action='GET',callsite='shop/services/pricing.py:118',controller='shop:cart',route='cart/<int:pk>/'*/ SELECT 1`,
      {
        action: 'GET',
        line: 'shop/services/pricing.py:118',
        controller: 'shop:cart',
        route: 'cart/<int:pk>/',
      },
    ],
    [
      'Rails from 7.1',
      `SELECT 1 /*action='show',application='Shop',controller='orders',source_location='app/models/order.rb:42:in %60load%27'*/`,
      { action: 'show', application: 'Shop', controller: 'orders', line: 'app/models/order.rb:42' },
    ],
    [
      'Rails before, and marginalia',
      "SELECT 1 /*application:Shop,controller:orders,action:show,line:/app/models/order.rb:4:in `load'*/",
      { application: 'Shop', controller: 'orders', action: 'show', line: '/app/models/order.rb:4' },
    ],
    [
      'Rails 7.0 with quotes',
      "SELECT 1 /*application:'apibb',job:'MailJob'*/",
      { application: 'apibb', job: 'MailJob' },
    ],
    [
      'a job of Sidekiq',
      'SELECT 1 /*application:Shop,sidekiq_job:Mail::Worker*/',
      { application: 'Shop', job: 'Mail::Worker' },
    ],
    [
      'Prisma',
      `SELECT 1 /*application='my-app',prismaQuery='User.findMany:eyJ3aGVyZSI6e30',route='%2Fusers%2F%3Aid',version='1.0.0'*/`,
      { application: 'my-app', route: '/users/:id', release: 'v1.0.0' },
    ],
    ['Drizzle', "select 1 /*route='%2Fapi%2Fusers',trace='true'*/", { route: '/api/users' }],
    ['Knex', "select 1 /*db_driver='knex%3A0.20.8',route='%2F'*/", { db_driver: 'knex:0.20.8', route: '/' }],
    [
      'SQLAlchemy',
      "SELECT 1 /*db_driver='psycopg2%3A2.9.3%20%28dt%20dec%29'*/",
      { db_driver: 'psycopg2:2.9.3' },
    ],
    [
      'Datadog',
      "/*dddbs='orders',ddps='shop',ddpv='v12'*/ SELECT 1",
      { application: 'shop', release: 'v12' },
    ],
    ['percent signs doubled by a driver', "SELECT 1 /*route='%%2Forders'*/", { route: '/orders' }],
    ['a semicolon behind it', "SELECT 1 /*route='orders'*/;", { route: 'orders' }],
    [
      'both ends',
      "/*application='shop'*/ SELECT 1 /*route='orders'*/",
      { application: 'shop', route: 'orders' },
    ],
    ['a quote that is escaped', "SELECT 1 /*action='it\\'s',route='orders'*/", { route: 'orders' }],
    ['a Celery task', "/*task='shop.tasks.send_mail'*/ SELECT 1", { task: 'shop.tasks.send_mail' }],
    ['a commit as the release', "SELECT 1 /*release='0a1b2c3d4e5f60718293'*/", { release: '0a1b2c3d4e5f' }],
    ['file and line', "SELECT 1 /*file='shop/views.py',line='12'*/", { file: 'shop/views.py', line: '12' }],
  ])('%s', (_title, sql, tags) => {
    expect(tagsOf(sql)).toEqual(tags);
    expect(readStatement(sql, 'postgres').statement).not.toMatch(/\/\*|route|application/);
  });
});

describe('what is no tag', () => {
  test.each<readonly [string, string]>([
    ['prose', 'SELECT 1 /* route the order to the warehouse */'],
    ['keys of nobody', "SELECT 1 /*customer='alice',email='alice%40example.com'*/"],
    ['a literal that looks like a comment', `SELECT '/*route=''orders''*/'`],
    ['a comment amid the statement', "SELECT 1 /*route='orders'*/ FROM t"],
    ['a hint', "SELECT /*+ route='orders' */ 1"],
    ['a line comment', "SELECT 1 -- route='orders'"],
    ['something beside the pairs', "SELECT 1 /*route='orders' and more*/"],
    ['an e-mail address', "SELECT 1 /*action='alice%40example.com'*/"],
    ['numbers', "SELECT 1 /*action='4711',application='555-123-4567',release='10.0.0.7'*/"],
    ['a sentence', "SELECT 1 /*action='delete%20from%20users'*/"],
    ['a key of a service', "SELECT 1 /*action='sk_live_abcdefghijk'*/"],
    ['a traceparent that is none', "SELECT 1 /*traceparent='alice'*/"],
    ['too long', `SELECT 1 /*route='${'a/'.repeat(200)}'*/`],
    ['percent signs that encode nothing', "SELECT 1 /*route='%E0%A4%A'*/"],
    ['no statement', ''],
  ])('%s', (_title, sql) => {
    expect(tagsOf(sql)).toEqual({});
  });

  test.each<readonly [string, string, string]>([
    ['numbers', '/orders/4711/lines', '/orders/?/lines'],
    ['UUIDs', '/orders/1b4e28ba-2fa1-11d2-883f-0016d3cca427', '/orders/?'],
    ['a query', '/search?q=alice', '/search'],
    ['an e-mail address', '/users/alice@example.com', '/users/?'],
    ['a slug with a number', '/orders/order-8812', '/orders/?'],
    ['an expression of Django', '^orders/(?P<pk>[0-9]+)/(?P<slug>[-a-z]{1,40})/$', 'orders/<pk>/<slug>/'],
    ['a parameter of Express', 'GET /orders/:id', '/orders/:id'],
    ['a version', '/api/v1/orders', '/api/v1/orders'],
    ['an optional part of Rails', '/orders/:id(.:format)', '/orders/:id(.:format)'],
    ['a catch-all of Next', '/shop/[...slug]', '/shop/[...slug]'],
  ])('a route without %s', (_title, route, shown) => {
    expect(tagsOf(`SELECT 1 /*route='${encodeURIComponent(route)}'*/`).route).toBe(shown);
  });
});

describe('a statement that the server cut', () => {
  test.each<readonly [string, string, Tags]>([
    ['keeps the pairs whose end is there', "/*application='shop',route='/ord", { application: 'shop' }],
    [
      'drops a plain pair that may go on',
      'SELECT 1 /*application:Shop,controller:ord',
      { application: 'Shop' },
    ],
    ['keeps what stands at the beginning', "/*route='orders'*/ SELECT 'a", { route: 'orders' }],
  ])('%s', (_title, sql, tags) => {
    expect(tagsOf(sql, 'postgres', true)).toEqual(tags);
    expect(tagsOf(sql, 'mysql', true)).toEqual(tags);
  });
});

const literals = fc.oneof(
  fc.emailAddress().filter((text) => !text.includes('*/')), // which would end the comment
  fc.uuid(),
  fc.integer({ min: 1_000, max: 1e12 }).map(String),
  fc.ipV4(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    "O'Neil",
    'Bearer abc.def.ghi',
    '+49 170 1234567',
    'DE89370400440532013000',
    'sk_live_a1b2c3d4e5',
  ),
  fc.constantFrom(
    'alice smith',
    'Müller',
    '(select 1)',
    '<script>alert(1)</script>',
    'x=1&y=2',
    '4111-1111-1111-1111',
  ),
  fc.base64String({ minLength: 24, maxLength: 60 }).filter((text) => (text.match(/\d/g)?.length ?? 0) > 3),
);
const keys = fc.constantFrom(
  'route',
  'action',
  'controller',
  'application',
  'job',
  'task',
  'file',
  'line',
  'release',
  'framework',
  'db_driver',
  'email',
  'user_id',
  'note',
);
const written = [
  (key: string, value: string) => `${key}='${encodeURIComponent(value).replaceAll("'", "\\'")}'`,
  (key: string, value: string) => `${key}='${value}'`,
  (key: string, value: string) => `${key}:${value}`,
  (key: string, value: string) => `${key} = ${value}`,
];

test('10,000 comments that hold literals show none of them', () => {
  const comment = fc.record({
    key: keys,
    literal: literals,
    prefix: fc.constantFrom('', '/orders/', 'Shop::', 'GET /x/', 'v1.'),
    write: fc.constantFrom(...written),
    cut: fc.nat(80),
    dialect: fc.constantFrom<Dialect>('postgres', 'mysql'),
    isFirst: fc.boolean(),
  });
  fc.assert(
    fc.property(comment, ({ key, literal, prefix, write, cut, dialect, isFirst }) => {
      const body = `/*application='shop',${write(key, prefix + literal)}*/`;
      const sql = isFirst ? `${body} SELECT 1` : `SELECT 1 ${body}`;
      for (const text of [sql, sql.slice(0, cut)]) {
        const { statement, tags } = readStatement(text, dialect, text !== sql);
        const shown = `${JSON.stringify(tags)} ${statement}`;
        for (const part of literal
          .split(/[^\p{L}\d]+/u)
          .filter((piece) => piece.length > 3 && /\d{3}/.test(piece)))
          expect(shown).not.toContain(part);
        expect(shown).not.toContain(literal);
      }
    }),
    { seed: 20_260_101, numRuns: 10_000 },
  );
});
