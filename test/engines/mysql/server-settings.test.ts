import { leftAlone } from '../contract/left-alone.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mysqlSettings } from '../../../cli/demo/mysql-estate.ts';
import type { LocalServer } from '../../../servers/local-server.ts';
import { startMariadb } from '../../../servers/mariadb.ts';
import { startMysql } from '../../../servers/mysql.ts';
import {
  createUser,
  find,
  mysqlServers,
  openApplication,
  openControl,
  openRoot,
  password,
  see,
  seeUntil,
  until,
} from './lab.ts';

/** A server of our own, since its settings would trouble every other test. */
async function startOwn(kind: string, more: Record<string, string> = {}): Promise<LocalServer> {
  const settings = kind === 'mariadb' ? { performance_schema: 'ON', ...more } : more;
  const server = await (kind === 'mysql' ? startMysql({ settings }) : startMariadb({ settings }));
  onTestFinished(() => server.stop());
  return server;
}

describe.for(mysqlServers)('$name', ({ kind }) => {
  test('no server-wide setting cuts or changes what we read', { timeout: 90_000 }, async () => {
    const server = await startOwn(kind);
    const root = await openRoot(server);
    const names = [];
    for (let i = 0; i < 4; i += 1) names.push(await createUser(server, ['SUPER ON *.*']));
    const application = await openApplication(server, {
      ...{ user: names.at(-1) ?? '', password },
      connectAttributes: { program_name: 'late' },
    });
    for (const setting of [
      ...['sql_select_limit = 2', 'max_join_size = 1', 'completion_type = 2', 'sql_safe_updates = 1'],
      `sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH'`,
      ...['sql_auto_is_null = 1', 'autocommit = 0', 'sql_quote_show_create = 0', 'wait_timeout = 1'],
      `character_set_results = latin1`,
    ])
      await root.query(`SET GLOBAL ${setting}`);
    const control = await openControl(server);
    const session = await see(control, application);
    expect(session).toMatchObject({ superuser: true, application: 'late', state: 'idle' });
    await root.query('SET GLOBAL sql_select_limit = 0');
    expect(await see(await openControl(server), application)).toMatchObject({ superuser: true });
    await root.query('SET GLOBAL sql_select_limit = 18446744073709551615');
  });

  test('a server that keeps no program names says so', { timeout: 90_000 }, async () => {
    const server = await startOwn(kind, { performance_schema_session_connect_attrs_size: '0' });
    const control = await openControl(server);
    const dump = await openApplication(server, { connectAttributes: { program_name: 'mysqldump' } });
    expect((await see(control, dump)).application).toBeNull();
    const { missing } = await control.snapshot();
    const [told] = missing.filter(({ what }) => what.includes('program names'));
    expect(told?.grant).toContain('performance_schema_session_connect_attrs_size');
  });

  test('a program name lost among too many attributes is unknown', { timeout: 90_000 }, async () => {
    const server = await startOwn(kind);
    const control = await openControl(server);
    const nameless = await openApplication(server);
    expect((await see(control, nameless)).application).toBe('');
    const pad = 'x'.repeat(250);
    const connectAttributes = { pad, more: pad, program_name: 'mysqldump' };
    const dump = await openApplication(server, { connectAttributes });
    expect((await see(control, dump)).application).toBeNull();
    if (kind === 'mysql') {
      expect((await see(control, dump)).backingUp).toBeNull();
      const { missing } = await control.snapshot();
      expect(missing.map(({ what }) => what)).toContainEqual(expect.stringContaining('more attributes'));
    }
    await sleep(2_000); // the server tells whole seconds
    await (await openRoot(server)).query('FLUSH STATUS');
    expect((await see(control, dump)).application).toBeNull();
  });

  test('where an account without a name is a superuser anybody may be one', { timeout: 90_000 }, async () => {
    const server = await startOwn(kind);
    const [root, shop, control] = [
      await openRoot(server),
      await openApplication(server),
      await openControl(server),
    ];
    await root.query(`CREATE USER ''@'127.0.0.1' IDENTIFIED BY '${password}'`);
    await root.query(`GRANT ALL ON *.* TO ''@'127.0.0.1'`);
    const nobody = await openApplication(server, { user: 'anonymous-x', password });
    expect((await see(control, nobody)).superuser).toBeNull();
    expect((await see(control, shop)).superuser).toBeNull();
    const { missing } = await control.snapshot();
    expect(missing.map(({ what }) => what)).toContainEqual(expect.stringContaining('without a name'));
  });

  test(
    'whoever holds a lock of the whole server is in the midst of a backup',
    { timeout: 90_000 },
    async () => {
      const server = await startOwn(kind, kind === 'mariadb' ? mysqlSettings : {});
      const control = await openControl(server);
      const shop = await openApplication(server);
      await shop.query('CREATE TABLE shop.item (id INT PRIMARY KEY) ENGINE=InnoDB');
      await shop.query('LOCK TABLES shop.item READ');
      expect(await see(control, shop)).toMatchObject({ state: 'idle', backingUp: false });
      await shop.query('UNLOCK TABLES'); // FLUSH would wait for it
      const backup = await openRoot(server);
      const begins = kind === 'mysql' ? 'LOCK INSTANCE FOR BACKUP' : 'BACKUP STAGE START';
      const ends = kind === 'mysql' ? 'UNLOCK INSTANCE' : 'BACKUP STAGE END';
      for (const [begin, end] of [
        [begins, ends],
        ['FLUSH TABLES WITH READ LOCK', 'UNLOCK TABLES'],
      ] as const) {
        await backup.query(begin);
        expect(await see(control, backup), begin).toMatchObject({ state: 'idle', backingUp: true });
        expect(await see(control, shop)).toMatchObject({ state: 'idle', backingUp: false });
        await backup.query(end);
        expect(await see(control, backup), end).toMatchObject({ state: 'idle', backingUp: false });
      }
    },
  );

  test('a list of transactions that others keep stale deceives nobody', { timeout: 90_000 }, async () => {
    const server = await startOwn(kind); // whoever shares it would be deceived by nobody, but see less
    const control = await openControl(server);
    const [application, poller] = [await openApplication(server), await openApplication(server)];
    await application.query('CREATE TABLE IF NOT EXISTS shop.item (id INT PRIMARY KEY) ENGINE=InnoDB');
    let polls = 0;
    const poll = { goesOn: true };
    const polling = (async () => {
      for (; poll.goesOn; polls += 1)
        await poller.query('SELECT COUNT(*) FROM information_schema.innodb_trx');
    })();
    await until(() => Promise.resolve(polls > 5));
    await application.query('BEGIN');
    await application.query('SELECT * FROM shop.item');
    const session = await find(control, application);
    const { missing } = await control.snapshot();
    poll.goesOn = false;
    await polling;
    expect(session?.state).toBe(kind === 'mysql' ? 'idle in transaction' : null);
    expect(session?.blocks).toBeNull();
    expect(missing.map(({ what }) => what)).toContainEqual(expect.stringContaining('never renews it'));
  });

  test('hundreds that wait for one row do not end the look', { timeout: 120_000 }, async () => {
    const server = await startOwn(kind, { max_connections: '700' });
    const control = await openControl(server);
    const blocker = await openApplication(server);
    await blocker.query('CREATE TABLE shop.stock (id INT PRIMARY KEY, n INT) ENGINE=InnoDB');
    await blocker.query('INSERT INTO shop.stock VALUES (1, 1)');
    await blocker.query('BEGIN');
    await blocker.query('UPDATE shop.stock SET n = 2');
    const user = { user: 'shop', password, multipleStatements: true };
    for (let queued = 0; queued < 500; queued += 25) {
      const queue = Array.from({ length: 25 }, () => openApplication(server, user));
      for (const waiter of await Promise.all(queue))
        waiter
          .query('SET innodb_lock_wait_timeout = 600; UPDATE shop.stock SET n = 3')
          .catch(() => undefined);
    }
    const session = await seeUntil(
      control,
      blocker,
      ({ blocks }) => blocks === null || blocks.length === 500,
    );
    expect(session.blocks).toHaveLength(500);
  });
});

describe.for(mysqlServers.filter(({ kind }) => kind === 'mysql'))('$name only', ({ kind }) => {
  test('whoever has a mandatory role with SUPER is a superuser', { timeout: 90_000 }, async () => {
    const server = await startOwn(kind);
    const root = await openRoot(server);
    for (const sql of ['CREATE ROLE dba, audit', 'GRANT SUPER ON *.* TO dba']) await root.query(sql);
    const control = await openControl(server);
    const shop = await openApplication(server);
    for (const [roles, superuser] of [
      ['audit', false],
      ["audit,'dba'@'%'", true],
    ] as const) {
      await root.query('SET GLOBAL mandatory_roles = ?', [roles]);
      expect(await see(control, shop), roles).toMatchObject({ superuser });
    }
  });

  test(
    'what performance_schema had no room for is unknown, and said to be so',
    { timeout: 120_000 },
    async () => {
      const server = await startOwn(kind, {
        performance_schema_max_metadata_locks: '10',
        performance_schema_max_thread_instances: '60',
      });
      const control = await openControl(server);
      const shop = await openApplication(server);
      expect(await see(control, shop)).toMatchObject({ state: 'idle' });
      const root = await openRoot(server);
      for (let i = 0; i < 20; i += 1) await shop.query(`DO GET_LOCK('room ${i}', 1)`);
      const session = await see(control, shop);
      expect(session).toMatchObject({ state: 'idle', advisoryLock: null, backingUp: null });
      const more = [];
      for (let i = 0; i < 60; i += 1) more.push(await openApplication(server));
      // The count is forgotten; what was lost stays lost.
      for (const statement of ['DO 1', 'FLUSH STATUS']) {
        await root.query(statement);
        expect(await see(control, shop), statement).toMatchObject({ advisoryLock: null, backingUp: null });
      }
      const { missing } = await control.snapshot();
      const whats = missing.filter(({ prevents }) => prevents === 'seeing').map(({ what }) => what);
      expect(whats).toContainEqual(expect.stringContaining('Performance_schema_thread_instances_lost'));
    },
  );

  test(
    'a user without privileges who fills the record of locks is named, and FLUSH STATUS ends it without a restart',
    { timeout: 120_000 },
    async () => {
      const server = await startOwn(kind, {
        performance_schema_max_metadata_locks: '3000',
        'performance-schema-instrument': 'wait/lock/metadata/sql/mdl=ON',
      });
      const control = await openControl(server);
      const root = await openRoot(server);
      await openApplication(server); // makes the user
      const flush = async () => {
        await root.query('FLUSH STATUS');
        await sleep(2_500); // the server counts whole seconds
      };
      const [old, resting] = [await openApplication(server), await openApplication(server)];
      await old.query('SELECT 1');
      await resting.query('SELECT 1');
      await flush();
      // Never full: whatever is flushed, nothing was lost.
      expect(await see(control, resting)).toMatchObject({ advisoryLock: false, backingUp: false });

      const user = await createUser(server);
      const mallory = await openApplication(server, { user, password });
      for (let first = 0; first < 4_000; first += 500)
        await mallory.query(
          `DO ${Array.from({ length: 500 }, (_, n) => `GET_LOCK('m${first + n}', 0)`).join(', ')}`,
        );
      const snapshot = await control.snapshot();
      expect(snapshot.lostLocks?.holders[0]).toMatchObject({ id: String(mallory.threadId), user });
      expect(snapshot.lostLocks?.holders[0]?.locks).toBeGreaterThan(1_000);
      expect(snapshot.missing.map(({ grant }) => grant)).toContainEqual(
        expect.stringContaining('FLUSH STATUS'),
      );
      expect(await see(control, resting)).toMatchObject({ advisoryLock: null, backingUp: null });

      await root.query(`KILL ${mallory.threadId}`);
      await flush();
      expect((await control.snapshot()).lostLocks).toBeUndefined();
      expect(await see(control, resting)).toMatchObject({ advisoryLock: null, backingUp: null });
      await old.query('SELECT 1'); // used since, but older than one that rests
      expect(await see(control, old)).toMatchObject({ advisoryLock: null });
      const fresh = await openApplication(server);
      await fresh.query('SELECT 1');
      expect(await see(control, fresh)).toMatchObject({ advisoryLock: false, backingUp: false });
      await fresh.query(`DO GET_LOCK('seen', 0)`);
      expect(await see(control, fresh)).toMatchObject({ advisoryLock: true });
    },
  );

  test(
    'where some kinds of statements found no room, no idle time is believed',
    { timeout: 90_000 },
    async () => {
      const server = await startOwn(kind, { performance_schema_max_statement_classes: '60' });
      const control = await openControl(server);
      const shop = await openApplication(server);
      await shop.query('SET timestamp = 1000000000');
      await shop.query('SELECT 1');
      await (await openRoot(server)).query('FLUSH STATUS');
      const session = await see(control, shop);
      expect(session.stateMs).toBeNull();
      expect(await control.end([{ session, action: 'terminate' }])).toMatchObject([{ result: leftAlone }]);
      const { missing } = await control.snapshot();
      expect(missing.map(({ what }) => what)).toContainEqual(expect.stringContaining('how long'));
    },
  );
});
