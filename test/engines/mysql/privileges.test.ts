import { leftAlone } from '../contract/left-alone.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMariadb } from '../../../servers/mariadb.ts';
import { startMysql } from '../../../servers/mysql.ts';
import { createRdsProcedures, rdsPrivileges } from '../../../bench/chaos/rds-procedures.ts';
import { buildSession } from '../../core/build-session.ts';
import { toGrants } from '../../../functions/engines/mysql/grants.ts';
import { hasGlobal, quoteAccount } from '../../../functions/engines/mysql/connection/privileges.ts';
import { toKillScope } from '../../../functions/engines/mysql/snapshot/kill-scope.ts';
import { ownProceduresOf, toOwn } from '../../../functions/engines/mysql/terminate/kill-methods.ts';
import { toRoleNames, withMembers } from '../../../functions/engines/mysql/snapshot/accounts.ts';
import {
  createUser,
  find,
  mysqlServers,
  openApplication,
  openControl,
  openRoot,
  password,
  see,
  seeAtWork,
  until,
} from './lab.ts';

test.for([
  ['app@%', `'app'@'%'`],
  ['a@b@10.0.0.%', `'a@b'@'10.0.0.%'`],
  [`o'neil\\@localhost`, `'o''neil\\\\'@'localhost'`],
] as const)('the account %s is quoted for GRANT', ([account, quoted]) => {
  expect(quoteAccount(account)).toBe(quoted);
});

test.for([
  ['GRANT PROCESS, CONNECTION ADMIN ON *.* TO `x`@`%`', true],
  ['GRANT CONNECTION_ADMIN,ROLE_ADMIN ON *.* TO `x`@`%`', true],
  ['GRANT ALL PRIVILEGES ON *.* TO `x`@`%` WITH GRANT OPTION', true],
  ['GRANT CONNECTION_ADMIN_ ON *.* TO `x`@`%`', false],
  ['GRANT SELECT ON `SUPER ON *.* TO `.* TO `x`@`%`', false],
  ['GRANT `SUPER` TO `x`@`%`', false],
] as const)('%s gives the privilege: %s', ([line, expected]) => {
  const wanted = ['CONNECTION_ADMIN', 'CONNECTION ADMIN', 'SUPER', 'ALL PRIVILEGES'];
  expect(hasGlobal([{ 'Grants for x@%': line }], wanted)).toBe(expected);
});

test('members of roles of superusers are superusers, at any depth and in circles', () => {
  const edges = [
    ['dba', 'team'],
    ['team', 'ann'],
    ['ann', 'dba'],
    ['shop', 'web'],
  ] as const;
  expect([...withMembers(['dba'], edges)].sort()).toEqual(['ann', 'dba', 'team']);
});

test.for([
  ['', []],
  ["'dba'@'%',audit", ['dba', 'audit']],
  ['`a``b`@`%` , "c,d"@localhost', ['a`b', 'c,d']],
  ["'dba", null],
] as const)('the mandatory roles %s', ([list, names]) => {
  expect(toRoleNames(list)).toEqual(names);
});

const ours = new Map([['shop', [{ ...ownProceduresOf('shop@%'), host: '%' }]]]);
const nobody = { all: new Set<string>(), superusers: new Set<string>() };

test.for([
  ['the only account', ['%'], '10.0.0.7', false],
  ['a namesake whose host is the client’s', ['%', 'localhost'], 'localhost', true],
  ['a namesake that another client has', ['%', 'localhost'], 'web-1', false],
  ['a namesake whose host may be the client’s by another name', ['%', '10.0.0.7'], 'web-1', true],
  ['a namesake of another address', ['%', '10.0.0.8'], '10.0.0.7', false],
  ['a namesake of a pattern', ['%', '10.0.%'], '10.0.0.7', true],
  ['an account without a name that takes the client', ['%'], '127.0.0.1', true],
] as const)('on MariaDB, beside %s', ([, hosts, client, isExempt]) => {
  const accounts = {
    ...nobody,
    hosts: new Map([
      ['shop', new Set<string>(hosts)],
      ['', new Set(client === '127.0.0.1' ? [client] : [])],
    ]),
  };
  const session = buildSession({ id: '5', user: 'shop', client });
  const killScope = toKillScope('mariadb', { own: ours, others: null }, accounts, [session]);
  expect(killScope).toEqual({ users: ['shop'], butNot: isExempt ? ['5'] : [] });
});

test('procedures of an account that is gone end nobody', () => {
  const killScope = toKillScope('mysql', { own: ours, others: null }, { ...nobody, hosts: new Map() }, []);
  expect(killScope).toEqual({ users: [], butNot: [] });
});

describe.for(mysqlServers)('$name', (server) => {
  test('a session outlives its account, and then nobody knows whether it is a superuser’s', async () => {
    const control = await openControl(server);
    const admin = await openRoot(server);
    const boss = await createUser(server, ['SUPER ON *.*']);
    const renamed = await openApplication(server, { user: boss, password });
    expect(await see(control, renamed)).toMatchObject({ superuser: true });
    await admin.query(`RENAME USER '${boss}'@'%' TO '${boss}r'@'%'`);
    expect(await see(control, renamed)).toMatchObject({ superuser: null });
    await admin.query(`RENAME USER '${boss}r'@'%' TO '${boss}'@'%'`);
  });

  test('without the table of users nobody knows who is a superuser, and the grant mends it', async () => {
    const grants =
      server.kind === 'mysql' ? ['PROCESS ON *.*', 'SELECT ON performance_schema.*'] : ['PROCESS ON *.*'];
    const user = await createUser(server, grants);
    const application = await openApplication(server);
    const control = await openControl(server, { user, password });
    expect((await see(control, application)).superuser).toBeNull();
    const missing = (await control.snapshot()).missing.find(({ what }) => what.includes('superusers'));
    const root = await openRoot(server);
    for (const grant of (missing?.grant ?? '').split('; ')) await root.query(grant);
    expect((await see(await openControl(server, { user, password }), application)).superuser).toBe(false);
  });

  test('a privilege that comes by an active role counts', async () => {
    const user = await createUser(server);
    const root = await openRoot(server);
    const privilege = server.kind === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
    await root.query(`CREATE ROLE r${user}`);

    await root.query(`GRANT PROCESS, ${privilege} ON *.* TO r${user}`);
    await root.query(`GRANT r${user} TO '${user}'@'%'`);
    const activate =
      server.kind === 'mysql'
        ? `ALTER USER '${user}'@'%' DEFAULT ROLE ALL`
        : `SET DEFAULT ROLE r${user} FOR '${user}'@'%'`;
    await root.query(activate);
    const { missing } = await (await openControl(server, { user, password })).snapshot();
    await root.query(`DROP ROLE r${user}`);
    expect(missing.map(({ prevents }) => prevents)).not.toContain('ending');
  });
});

describe.for(mysqlServers.filter(({ kind }) => kind === 'mysql'))('$name only', (server) => {
  test('without performance_schema no idle time is believed, and the grant mends it', async () => {
    const user = await createUser(server, ['PROCESS ON *.*']);
    const control = await openControl(server, { user, password });
    const application = await openApplication(server);
    await application.query('SET timestamp = 1');
    expect(await find(control, application)).toMatchObject({ user: 'shop', state: 'idle', stateMs: null });
    const { missing } = await control.snapshot();
    const grant = missing.find(({ prevents }) => prevents === 'seeing')?.grant ?? '';
    await (await openRoot(server)).query(grant);
    expect((await see(control, application)).stateMs).not.toBeNull();
  });

  test('with performance_schema off it says so and believes no time', { timeout: 60_000 }, async () => {
    const off = await startMysql({ settings: { performance_schema: 'OFF' } });
    onTestFinished(() => off.stop());
    const control = await openControl(off);
    const application = await openApplication(off);
    await application.query('SELECT 1');
    const session = await see(control, application);
    expect(session).toMatchObject({ user: 'shop', stateMs: null, application: null, advisoryLock: null });
    expect((await control.snapshot()).missing).toMatchObject([{ prevents: 'seeing' }]);
    expect(await control.end([{ session, action: 'terminate' }])).toMatchObject([{ result: leftAlone }]);
  });

  test('while statements are not recorded no idle time is believed', { timeout: 60_000 }, async () => {
    const blind = await startMysql({
      settings: { 'performance-schema-instrument': 'statement/sql/select=OFF' },
    });
    onTestFinished(() => blind.stop());
    const control = await openControl(blind);
    const session = await see(control, await openApplication(blind));
    expect(session.stateMs).toBeNull();
    expect((await control.snapshot()).missing).toMatchObject([{ prevents: 'seeing' }]);
  });
});

/** A server like RDS's, and a login that may only call its procedures. */
async function openRds(kind: 'mysql' | 'mariadb') {
  const rds = await (kind === 'mysql' ? startMysql() : startMariadb());
  onTestFinished(() => rds.stop());
  const root = await openRoot(rds);
  for (const sql of createRdsProcedures(kind)) await root.query(sql);
  const user = await createUser(rds, [
    'PROCESS ON *.*',
    'SELECT ON performance_schema.*',
    ...rdsPrivileges(kind),
  ]);
  return { rds, control: await openControl(rds, { user, password }) };
}

describe.for([...new Set(mysqlServers.map(({ kind }) => kind as 'mysql' | 'mariadb'))])(
  'RDS’s procedures on %s',
  (kind) => {
    test('are found and used by a login that may only call them', { timeout: 60_000 }, async () => {
      const { rds, control } = await openRds(kind);
      expect((await control.snapshot()).missing.map(({ prevents }) => prevents)).not.toContain('ending');
      const [leaked, used] = [await openApplication(rds), await openApplication(rds)];
      for (const connection of [leaked, used]) await connection.query('SELECT 1');
      const before = await see(control, used);
      await used.query('SELECT 1');
      expect(await control.end([{ session: before, action: 'terminate' }])).toMatchObject([
        { result: leftAlone },
      ]);
      // A machine that is too busy breaks the procedure off (MariaDB), so it may take another sweep.
      await until(async () => {
        const session = await find(control, leaked);
        if (session) await control.end([{ session, action: 'terminate' }]);
        return session === undefined;
      });
      const running = used.query('SELECT SLEEP(20)').catch((error: unknown) => error);
      const session = await seeAtWork(control, used);
      expect(await control.end([{ session, action: 'cancel' }])).toMatchObject([{ result: 'signalled' }]);
      await running;
      await expect(used.query('SELECT 1')).resolves.toBeDefined();
    });
  },
);

describe.for([...new Set(mysqlServers.map(({ kind }) => kind as 'mysql' | 'mariadb'))])(
  'procedures of a user’s own on %s',
  (kind) => {
    test(
      'end that user’s sessions and no one else’s, without any privilege to KILL',
      { timeout: 60_000 },
      async () => {
        const server = await (kind === 'mysql' ? startMysql() : startMariadb());
        onTestFinished(() => server.stop());
        const root = await openRoot(server);
        const shop = await openApplication(server);
        for (const host of ['127.0.0.1', 'localhost'])
          await root.query(`CREATE USER shop@'${host}' IDENTIFIED BY '${password}'`);
        const namesake = await openApplication(server, { user: 'shop', password });
        const user = await createUser(server);
        const stranger = await openApplication(server, { user, password });
        for (const sql of toGrants(kind, ['shop@%', 'shop@127.0.0.1', 'shop@localhost'], 'tidy@%', password))
          await root.query(sql);
        const control = await openControl(server, { user: 'tidy', password });
        const { missing, killScope } = await control.snapshot();
        expect(missing.map(({ prevents }) => prevents)).not.toContain('ending');
        expect(killScope).toEqual({ users: ['shop'], butNot: [] });
        for (const connection of [shop, namesake, stranger]) await connection.query('SELECT 1');
        const running = shop.query('SELECT SLEEP(20)').catch((error: unknown) => error);
        const atWork = await seeAtWork(control, shop);
        expect(await control.end([{ session: atWork, action: 'cancel' }])).toMatchObject([
          { result: 'signalled' },
        ]);
        await running;
        const before = await see(control, shop);
        await shop.query('SELECT 1');
        const [used, theirs] = [await see(control, shop), await see(control, stranger)];
        const batch = [before, theirs, used].map((session) => ({ session, action: 'terminate' as const }));
        expect(await control.end(batch)).toMatchObject([
          { result: leftAlone },
          { result: 'refused', code: '1095' },
          { result: 'signalled' },
        ]);
        await until(async () => (await find(control, shop)) === undefined);
        await expect(stranger.query('SELECT 1')).resolves.toBeDefined();
      },
    );
  },
);

test.for([
  ['a pair of the user’s own', ['shop@%', 'shop@%'], ['shop']],
  ['one that runs as somebody else', ['root@localhost', 'root@localhost'], []],
  ['a pair of two definers', ['shop@%', 'shop@10.%'], []],
] as const)('of the procedures in the schema, %s counts', ([, [kill, killQuery], users]) => {
  const rows = [
    { name: 'kill_session_shop@%', definer: kill },
    { name: 'kill_query_shop@%', definer: killQuery },
    { name: 'kill_session_jobs@%', definer: 'jobs@%' },
  ];
  expect([...toOwn(rows).keys()]).toEqual(users);
});
