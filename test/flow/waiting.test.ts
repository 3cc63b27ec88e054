import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Report } from '../../functions/core/model/report.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import type { ProvidedServer } from '../servers/global-setup.ts';
import { createLocalParts } from './local-parts.ts';
import { until } from './postgres-shop.ts';

/** People who wait, on real servers, by the whole sweep: what is sent, and what ends it. */

interface Client {
  readonly id: string;
  run(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

/** A session of the administrator, gone when the test ends. */
async function open(server: ProvidedServer): Promise<Client> {
  const { host, port, adminUser: user, adminPassword: password } = server;
  const client = server.kind === 'postgres' ? await openPostgres() : await openMysql();
  onTestFinished(() => client.close());
  return client;

  async function openPostgres(): Promise<Client> {
    const session = new pg.Client({ host, port, user, password, database: 'postgres', ssl: false });
    session.on('error', () => undefined);
    await session.connect();
    const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
    return {
      id: String(rows[0]?.pid),
      run: (sql) => session.query(sql),
      close: () => session.end().catch(() => undefined),
    };
  }
  async function openMysql(): Promise<Client> {
    const session = await createConnection({ host, port, user, password });
    session.on('error', () => undefined);
    return {
      id: String(session.threadId),
      run: (sql) => session.query(sql),
      close: () => {
        session.destroy();
        return Promise.resolve();
      },
    };
  }
}

/** What Secrets Manager would hold for a login that sees everything, dropped at the end. */
async function createSweeper(server: ProvidedServer): Promise<string> {
  const { host, port, adminUser, adminPassword } = server;
  if (server.kind === 'postgres')
    return JSON.stringify({ username: adminUser, password: adminPassword, host, port });
  const admin = await open(server);
  const username = `w${randomBytes(4).toString('hex')}`;
  const password = randomBytes(8).toString('hex');
  await admin.run(`create user '${username}'@'%' identified by '${password}'`);
  await admin.run(`grant all on *.* to '${username}'@'%'`);
  onTestFinished(async () => {
    const again = await open(server);
    await again.run(`drop user '${username}'@'%'`);
  });
  return JSON.stringify({ username, password, host, port });
}

/** Sweeps until somebody is reported to wait for so many in the queue; the report with the e-mail that was sent. */
async function sweepUntil(
  server: ProvidedServer,
  isIt: (report: Report) => boolean,
  rule: object = { state: 'idle', for: '9h' },
) {
  const secret = await createSweeper(server);
  const found: { report: Report; email: string }[] = [];
  await until(async () => {
    const parts = createLocalParts(secret);
    const target = { name: 'orders', engine: server.kind, secret: 'test/x', tls: 'off' };
    const policy = {
      rules: [{ name: 'leak', ...rule }],
      caps: { perSweep: 1, share: '1%' },
    };
    const event = { version: 1, target, policy, notify: { waiting: '1s' } };
    const report = await runSweep(event, parts.deps);
    parts.deps.deadline.end();
    const [message] = parts.messages;
    if (report.outcome === 'locked-out' || !isIt(report) || !message) return false;
    found.push({
      report,
      email: (JSON.parse(message.message) as { email: string }).email.replace(/\s+/g, ' '),
    });
    return true;
  });
  const [first] = found;
  if (!first) throw new Error('not found');
  return first;
}

const waitFor = (report: Report, root: string) =>
  report.waiting.find(({ roots }) => roots.some(({ name }) => name === root));

describe.each(inject('servers'))('people who wait on $name', (server) => {
  const isPostgres = server.kind === 'postgres';
  const database = isPostgres ? 'public' : 'waiting';
  const kill = (id: string) => (isPostgres ? `SELECT pg_terminate_backend(${id});` : `KILL ${id};`);

  /** A table of its own with one row, dropped at the end. */
  async function createTable(): Promise<string> {
    const admin = await open(server);
    const table = `${database}.w${randomBytes(4).toString('hex')}`;
    if (!isPostgres) await admin.run('create database if not exists waiting');
    await admin.run(`create table ${table} (id int primary key, amount int)`);
    await admin.run(`insert into ${table} values (1, 1)`);
    onTestFinished(async () => {
      const again = await open(server);
      await again.run(`drop table if exists ${table}`);
    });
    return table;
  }

  test('for a row', async () => {
    const table = await createTable();
    const [root, waiter] = [await open(server), await open(server)];
    await root.run('begin');
    await root.run(`update ${table} set amount = 2`);
    const waiting = waiter.run(`update ${table} set amount = 3`).catch(() => undefined);
    const { report, email } = await sweepUntil(server, (each) => waitFor(each, root.id) !== undefined);
    expect(waitFor(report, root.id)).toMatchObject({ sessions: 1, table, rootCount: 1 });
    expect(email).toContain(kill(root.id));
    await root.close();
    await waiting;
  });

  test('in a queue: SELECTs behind an ALTER behind a transaction are all in it', async () => {
    const table = await createTable();
    const [root, alter] = [await open(server), await open(server)];
    const selects = [await open(server), await open(server), await open(server)];
    await root.run('begin');
    await root.run(`select * from ${table}`);
    const all = [alter.run(`alter table ${table} add column note int`)];
    const isQueued = (count: number) => (each: Report) =>
      each.waiting.some((wait) => wait.table === table && wait.sessions === count);
    await sweepUntil(server, isQueued(1));
    all.push(...selects.map((each) => each.run(`select * from ${table}`)));
    const { report, email } = await sweepUntil(server, isQueued(4));
    const wait = report.waiting.find((each) => each.table === table);
    if (wait?.roots.length === 0) {
      expect(email).toMatch(/whose it is cannot be seen.*INSTALL SONAME/);
    } else {
      expect(wait).toMatchObject({ sessions: 4, rootCount: 1, roots: [{ name: root.id, willEnd: false }] });
      expect(email).toContain(kill(root.id));
    }
    await root.close();
    await Promise.allSettled(all);
  });

  test('for a row, and others for a lock by name: each its own queue, and the root of the row is known', async () => {
    const table = await createTable();
    const number = randomBytes(3).readUIntBE(0, 3);
    const lock = isPostgres ? `select pg_advisory_lock(${number})` : `select get_lock('l${number}', 60)`;
    const [root, waiter] = [await open(server), await open(server)];
    const [owner, other] = [await open(server), await open(server)];
    await root.run('begin');
    await root.run(`update ${table} set amount = 2`);
    await owner.run(lock);
    const all = [waiter.run(`update ${table} set amount = 3`), other.run(lock)];
    const firstOf = (each: Report, id: string) => each.waiting.find(({ first }) => first?.id === id);
    const rule = { state: 'idle in transaction', blocking: '1s', match: { user: server.adminUser } };
    const { report, email } = await sweepUntil(
      server,
      (each) => firstOf(each, waiter.id) !== undefined && firstOf(each, other.id) !== undefined,
      rule,
    );
    expect(firstOf(report, waiter.id)).toMatchObject({ sessions: 1, table, roots: [{ name: root.id }] });
    expect(firstOf(report, other.id)).toMatchObject({ sessions: 1, table: null });
    if (firstOf(report, other.id)?.roots.length === 0) {
      expect(email).toMatch(/a lock by name \(GET_LOCK\), and whose it is cannot be seen/);
      expect(email).toMatch(/the server does not show who holds a lock by name/);
      expect(email).not.toContain('GRANT SELECT ON performance_schema');
    } else expect(waitFor(report, owner.id)).toBeDefined();
    for (const each of [root, owner, waiter, other]) await each.close();
    await Promise.allSettled(all);
  });

  test('for a lock by name that an idle session holds', async () => {
    const name = randomBytes(3).readUIntBE(0, 3);
    const lock = isPostgres ? `select pg_advisory_lock(${name})` : `select get_lock('l${name}', 60)`;
    const [root, waiter] = [await open(server), await open(server)];
    await root.run(lock);
    const waiting = waiter.run(lock).catch(() => undefined);
    const isIt = (each: Report) =>
      each.waiting.some(
        ({ roots, first }) => roots.some((r) => r.name === root.id) || first?.id === waiter.id,
      );
    const { report, email } = await sweepUntil(server, isIt);
    const wait = waitFor(report, root.id);
    if (wait) expect(email).toContain(kill(root.id));
    else expect(email).toContain('whose it is cannot be seen');
    await root.close();
    await waiter.close();
    await waiting;
  });

  test('for a transaction that no session holds', async ({ skip }) => {
    const table = await createTable();
    const gid = `w-${randomBytes(4).toString('hex')}`;
    const [root, waiter, admin] = [await open(server), await open(server), await open(server)];
    const begin = isPostgres ? ['begin'] : [`xa start '${gid}'`];
    const end = isPostgres ? [`prepare transaction '${gid}'`] : [`xa end '${gid}'`, `xa prepare '${gid}'`];
    for (const sql of [...begin, `update ${table} set amount = 2`]) await root.run(sql);
    const isPrepared = await Promise.all(end.map((sql) => root.run(sql))).then(
      () => true,
      () => false,
    );
    if (!isPrepared) return skip('max_prepared_transactions is 0 here');
    await root.close();
    const waiting = waiter.run(`update ${table} set amount = 3`).catch(() => undefined);
    const isIt = (each: Report) =>
      each.waiting.some((wait) => wait.table === table && (wait.longestMs ?? 0) >= 1_000);
    const { report, email } = await sweepUntil(server, isIt).finally(() =>
      admin.run(isPostgres ? `rollback prepared '${gid}'` : `xa rollback '${gid}'`),
    );
    await waiting;
    const wait = report.waiting.find((each) => each.table === table);
    expect(wait).toMatchObject({ sessions: 1, roots: [{ kind: isPostgres ? 'prepared' : 'xa' }] });
    expect(email).toMatch(/ROLLBACK PREPARED E?'w|XA ROLLBACK|XA RECOVER/);
  });
});

describe.each(inject('servers').filter(({ kind }) => kind === 'postgres'))(
  'people who wait for a snapshot on $name',
  (server) => {
    const blockingRule = { state: 'idle in transaction', blocking: '1s' };

    /** A partitioned table with an index, dropped at the end. */
    async function createParts(): Promise<string> {
      const admin = await open(server);
      const table = `public.s${randomBytes(4).toString('hex')}`;
      await admin.run(`create table ${table} (id int, amount int) partition by range (id)`);
      await admin.run(`create table ${table}_1 partition of ${table} for values from (1) to (9)`);
      await admin.run(`create index on ${table}_1 (amount)`);
      onTestFinished(async () => {
        const again = await open(server);
        await again.run(`drop table if exists ${table}, ${table}_1`);
      });
      return table;
    }

    const kinds: readonly (readonly [
      kind: string,
      from: number,
      waiting: number,
      sql: (table: string) => string,
    ])[] = [
      ['create index concurrently', 13, 2, (table) => `create index concurrently on ${table}_1 (id)`],
      ['reindex concurrently', 13, 2, (table) => `reindex table concurrently ${table}_1`],
      // While it waits, it has no lock that others wait for.
      [
        'detach concurrently',
        14,
        1,
        (table) => `alter table ${table} detach partition ${table}_1 concurrently`,
      ],
    ];
    test.each(kinds.filter(([, from]) => Number.parseInt(server.version) >= from))(
      '%s (from %i) behind a reader, %i in all: the reader is named and not ended',
      async (_kind, _from, waiting, toSql) => {
        const table = await createParts();
        const [reader, builder, alter] = [await open(server), await open(server), await open(server)];
        await reader.run('begin isolation level repeatable read');
        await reader.run(`select * from ${table}`);
        const all = [builder.run(toSql(table)).catch(() => undefined)];
        await sweepUntil(server, (each) => waitFor(each, reader.id) !== undefined);
        if (waiting > 1)
          all.push(alter.run(`alter table ${table}_1 alter amount set statistics 9`).catch(() => undefined));
        const isQueued = (each: Report) => waitFor(each, reader.id)?.sessions === waiting;
        const { report, email } = await sweepUntil(server, isQueued, blockingRule);
        expect(waitFor(report, reader.id)?.roots).toMatchObject([{ awaited: 'snapshot', willEnd: false }]);
        expect(report.verdicts.terminate).toBe(0);
        expect(email).toContain(`SELECT pg_terminate_backend(${reader.id});`);
        expect(email).toMatch(/its old snapshot, to end/);
        expect(email).not.toContain('LOCK TABLES');
        await reader.run('commit');
        await Promise.all(all);
      },
    );

    test('READ ONLY DEFERRABLE behind a serializable writer', async () => {
      const [root, victim] = [await open(server), await open(server)];
      await root.run('begin isolation level serializable');
      await root.run('select count(*) from pg_class');
      const done = victim.run('begin isolation level serializable read only deferrable; select 1');
      const { report, email } = await sweepUntil(
        server,
        (each) => waitFor(each, root.id) !== undefined,
        blockingRule,
      );
      expect(waitFor(report, root.id)).toMatchObject({ sessions: 1, first: { id: victim.id } });
      expect(report.verdicts.terminate).toBe(0);
      expect(email).toContain(`SELECT pg_terminate_backend(${root.id});`);
      await root.run('rollback');
      await done;
    });

    test('VACUUM behind the cursor that has a page pinned: PostgreSQL does not show whose it is', async () => {
      const table = `public.p${randomBytes(4).toString('hex')}`;
      const [root, vacuum] = [await open(server), await open(server)];
      await root.run(`create table ${table} as select g as id from generate_series(1, 100) g`);
      await root.run(`begin; declare c cursor for select * from ${table}; fetch 1 from c`);
      const done = vacuum.run(`vacuum (freeze) ${table}`).catch(() => undefined);
      const isIt = (each: Report) => each.waiting.some(({ first }) => first?.id === vacuum.id);
      const { report, email } = await sweepUntil(server, isIt, blockingRule);
      const wait = report.waiting.find(({ first }) => first?.id === vacuum.id);
      expect(wait).toMatchObject({ roots: [], what: 'a page of a table to be unpinned', table });
      expect(wait?.suspects).toContain(root.id);
      expect(email).toMatch(/open cursor on that table/);
      await root.run('rollback');
      await done;
      await root.run(`drop table ${table}`);
    });
  },
);
