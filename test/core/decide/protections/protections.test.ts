import { describe, expect, it } from 'vitest';
import { softProtections } from '../../../../functions/contract/policy.ts';
import type { Session } from '../../../../functions/core/model/session.ts';
import { decide } from '../../../../functions/core/decide/decide.ts';
import { buildPolicy, buildSession, buildSnapshot, decideOne } from '../../build-session.ts';

type Case = readonly [what: string, session: Partial<Session>, protection: string];

const hard: readonly Case[] = [
  ['a control connection of unleak', { kind: 'unleak' }, 'unleak'],
  ['replication', { kind: 'replication' }, 'replication'],
  ['a process of the server', { kind: 'background' }, 'background'],
  ['a kind nobody has heard of', { kind: 'new' as never }, 'background'],
  ['a superuser', { superuser: true }, 'superuser'],
  ['an unknown user', { user: null }, 'missing-fact'],
  ['a user that may be a superuser', { superuser: null }, 'missing-fact'],
  ...['rdsadmin', 'rdstopmgr', 'rdsrepladmin', 'rdsproxyadmin', 'rdswriteforwarduser'].map((user): Case => [
    user,
    { user },
    'provider',
  ]),
  ...[
    'azuresu',
    'azure_superuser',
    'cloudsqladmin',
    'cloudsqlreplica',
    'alloydbadmin',
    'rdsgrprepladmin',
  ].map((user): Case => [user, { user }, 'provider']),
  ...['mysql.sys', 'mysql.session', 'mysql.infoschema', 'event_scheduler', 'system user', 'RDSADMIN'].map(
    (user): Case => [user, { user }, 'provider'],
  ),
  ['a provider user that is a superuser', { user: 'rdsadmin', superuser: true }, 'provider'],
  ['a superuser in a pooler', { superuser: true, application: 'pgbouncer' }, 'superuser'],
];

const soft: readonly Case[] = [
  ['a listener', { listening: true }, 'listen'],
  ['who is in the midst of a backup', { backingUp: true }, 'backup'],
  ['who may be in the midst of a backup', { backingUp: null }, 'backup'],
  ...[
    'BACKUP STAGE START',
    'flush tables with read lock',
    'FLUSH LOCAL TABLES WITH READ LOCK',
    'LOCK INSTANCE FOR BACKUP',
  ].map((statement): Case => [`who says ${statement}`, { statement }, 'backup']),
  ['a holder of an advisory lock', { advisoryLock: true }, 'advisory-lock'],
  ['a possible holder of an advisory lock', { advisoryLock: null }, 'advisory-lock'],
  ...[
    'pg_dump',
    'pg_dumpall',
    'pg_basebackup',
    'mysqldump',
    'mydumper',
    'mariadb-dump',
    'pgBackRest [backup]',
  ].map((application): Case => [application, { application }, 'backup']),
  ...['Flyway by Redgate', 'liquibase', 'alembic', 'gh-ost', 'pt-online-schema-change'].map(
    (application): Case => [application, { application }, 'migration'],
  ),
  ...['Debezium Streaming', 'dms', 'fivetran', 'airbyte'].map((application): Case => [
    application,
    { application },
    'change-data-capture',
  ]),
  ...['pgbouncer', 'RDS Proxy', 'rdsproxy', 'pgcat', 'proxysql', 'postgres_fdw'].map((application): Case => [
    application,
    { application },
    'pooler',
  ]),
];

const ordinary: readonly (readonly [what: string, session: Partial<Session>])[] = [
  ['a user that only looks like the provider', { user: 'rdsadmin2' }],
  ['a user named mysql', { user: 'mysql' }],
  ['a member of rds_superuser', { user: 'postgres' }],
  ['a tool in the middle of the name', { application: 'my pg_dump' }],
  ['a backup that is over', { statement: 'BACKUP STAGE END' }],
  ['a flush without a lock', { statement: 'FLUSH TABLES' }],
  ['no application', { application: '' }],
];

describe('hard protections', () => {
  it.each(hard)('%s is protected', (_what, session, protection) => {
    expect(decideOne(buildSession(session), buildPolicy([{}]))).toMatchObject({
      verdict: 'protected',
      protection,
      rule: 'rule-1',
    });
  });

  it.each(hard)('%s stays protected when everything that can be lifted is', (_what, session, protection) => {
    const policy = buildPolicy([{}], { lift: [...softProtections] });
    expect(decideOne(buildSession(session), policy)).toMatchObject({ verdict: 'protected', protection });
  });
});

describe('a login that may end sessions of some users only', () => {
  it.each([
    [{ user: 'shop' }, 'terminate', null],
    [{ user: 'jobs' }, 'protected', 'rights'],
    [{ user: 'shop', id: '9' }, 'protected', 'rights'],
  ])('%j: %s', (session, verdict, protection) => {
    const snapshot = {
      ...buildSnapshot([buildSession(session)]),
      killScope: { users: ['shop'], butNot: ['9'] },
    };
    expect(decide(snapshot, buildPolicy([{}])).decisions).toMatchObject([{ verdict, protection }]);
  });
});

describe('soft protections', () => {
  it.each(soft)('%s is protected', (_what, session, protection) => {
    const decision = decideOne(buildSession(session), buildPolicy([{}]));
    expect(decision).toMatchObject({ verdict: 'protected', protection, rule: 'rule-1' });
    expect(decision.reason).toMatch(/^idle for 1h \(limit 1s\); protected: /);
  });

  it.each(soft)('%s is taken when its protection is lifted', (_what, session, protection) => {
    const policy = buildPolicy([{}], { lift: [protection as (typeof softProtections)[number]] });
    expect(decideOne(buildSession(session), policy).verdict).toBe('terminate');
  });

  it.each(soft)('%s stays protected when all others are lifted', (_what, session, protection) => {
    const policy = buildPolicy([{}], { lift: softProtections.filter((name) => name !== protection) });
    expect(decideOne(buildSession(session), policy)).toMatchObject({ verdict: 'protected', protection });
  });

  it('a second protection still holds when the first is lifted', () => {
    const session = buildSession({ listening: true, advisoryLock: true, application: 'pgbouncer' });
    const names = [
      [],
      ['listen'],
      ['listen', 'advisory-lock'],
      ['listen', 'advisory-lock', 'pooler'],
    ] as const;
    expect(
      names.map((lift) => decideOne(session, buildPolicy([{}], { lift: [...lift] })).protection),
    ).toEqual(['listen', 'advisory-lock', 'pooler', null]);
  });
});

describe('the policy’s own protections', () => {
  const protect = [
    { user: ['deploy'], reason: 'deploys by hand' },
    { application: '/^report/', database: 'dwh', reason: 'nightly\nreports' },
  ];
  const policy = buildPolicy([{}], { protect });

  it.each([
    ['a match', { user: 'deploy' }, 'protected', 'deploys by hand'],
    [
      'all fields of a later one',
      { application: 'reporting', database: 'dwh' },
      'protected',
      'nightly\\u{a}reports',
    ],
    ['one field of two', { application: 'reporting' }, 'terminate', null],
    [
      'an unreadable field that could match',
      { application: null, database: 'dwh' },
      'protected',
      'could not be read',
    ],
    ['an unreadable field beside one that does not match', { application: null }, 'terminate', null],
    ['no application', { application: '', database: 'dwh' }, 'terminate', null],
  ])('%s', (_what, session, verdict, reason) => {
    const decision = decideOne(buildSession(session), policy);
    const name = reason === 'could not be read' ? 'missing-fact' : 'policy';
    expect(decision).toMatchObject({ verdict, protection: verdict === 'protected' ? name : null });
    if (reason !== null) expect(decision.reason).toContain(reason);
  });
});

describe('ordinary sessions', () => {
  it.each(ordinary)('%s is taken', (_what, session) => {
    expect(decideOne(buildSession(session), buildPolicy([{}])).verdict).toBe('terminate');
  });

  it('a protected session that no rule would end is simply not spoken of', () => {
    expect(decideOne(buildSession({ superuser: true }), buildPolicy([{ for: '2h' }])).verdict).toBe(
      'no-rule',
    );
  });

  it('names in reasons cannot break a line', () => {
    const { reason } = decideOne(buildSession({ user: 'a\u001b[2J\nb', superuser: true }), buildPolicy([{}]));
    expect(reason).toContain('a\\u{1b}[2J\\u{a}b is a superuser');
  });
});
