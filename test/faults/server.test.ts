import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { Fault } from '../../functions/core/model/fault.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import { until } from '../flow/postgres-shop.ts';
import { afterFirstCall, beforeCall, wrapEngine } from '../flow/wrap-engine.ts';
import {
  type App,
  countAlive,
  expectFault,
  expectNextSweep,
  expectUntouched,
  freshPassword,
  isAlive,
  type Lab,
  openLab,
  slots,
} from './lab.ts';

/* What a server or its people can do to a sweep, on the whole line of data. */

const kinds = [...new Set(inject('servers').map(({ kind }) => kind))];

describe.for(kinds)('%s', (kind) => {
  const isPostgres = kind === 'postgres';
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab(kind);
  });
  afterEach(() => lab.settle());
  afterAll(() => lab.stop());

  test('all slots taken is told; with a slot kept for it, unleak gets in and makes room', async () => {
    const leaked = await lab.leak(3);
    const others = await fill(lab);
    const boss = isPostgres ? null : await openOnceLetIn(lab); // takes the one slot beyond the last
    expectFault(await lab.sweep(), ['connect.too_many_connections']);
    expect(await countAlive(others)).toBe(others.length);
    if (isPostgres) await lab.ask('grant pg_use_reserved_connections to unleak');
    boss?.close();
    const { outcome, before, results } = await sweepOnceLetIn(lab);
    if (isPostgres) await lab.ask('revoke pg_use_reserved_connections from unleak');
    expect({ outcome, max: before?.maxConnections }).toEqual({ outcome: 'ended', max: slots });
    expect(await countAlive([...leaked, ...others])).toBe(3 + others.length - (results.terminated ?? 0));
    expect(await countAlive(leaked)).toBe(0);
  });

  describe('a privilege that is missing', () => {
    const account = isPostgres ? 'unleak' : `unleak@'%'`;
    const kill = kind === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
    const users = 'SELECT (User, Host, Super_priv, max_user_connections) ON mysql.user';
    const faults: readonly (readonly [what: string, code: string, take: string, give: string])[] = isPostgres
      ? [
          ['seeing', 'snapshot.privileges', `revoke pg_monitor from unleak`, `grant pg_monitor to unleak`],
          [
            'connecting to the database',
            'connect.database_refused',
            'revoke connect on database postgres from public',
            'grant connect on database postgres to public',
          ],
          ['logging in', 'credentials.login_refused', 'alter role unleak nologin', 'alter role unleak login'],
        ]
      : [
          [
            'seeing',
            'snapshot.privileges',
            `REVOKE PROCESS ON *.* FROM ${account}`,
            `GRANT PROCESS ON *.* TO ${account}`,
          ],
          [
            'logging in',
            'credentials.account_locked',
            `ALTER USER ${account} ACCOUNT LOCK`,
            `ALTER USER ${account} ACCOUNT UNLOCK`,
          ],
        ];
    test.each(faults)('%s is %s', async (_what, code, take, give) => {
      const apps = await lab.leak(1);
      await lab.ask(take);
      const swept = await lab.sweep();
      await lab.ask(give);
      expectFault(swept, [code]);
      await expectUntouched(lab, apps);
    });

    test('ending: each is refused, nothing is claimed, and the grant is told', async () => {
      const apps = await lab.leak(2);
      const privilege = isPostgres ? 'pg_signal_backend' : `${kill} ON *.*`;
      await lab.ask(`REVOKE ${privilege} FROM ${account}`);
      const { end, messages } = await lab.sweep();
      await lab.ask(`GRANT ${privilege} TO ${account}`);
      expect(end).toMatchObject({ outcome: 'incomplete', results: { refused: 2 } });
      expect((end as Report).results.terminated).toBeUndefined();
      expect(messages[0]?.message).toContain(isPostgres ? 'GRANT pg_signal_backend' : `GRANT ${kill}`);
      await expectUntouched(lab, apps);
    });

    const blurs: readonly (readonly [what: string, privilege: string])[] = [
      ...(isPostgres ? [] : [['who is a superuser', users] as const]),
      ...(kind === 'mysql' ? [['idle times', 'SELECT ON performance_schema.*'] as const] : []),
    ];
    test.each(blurs)('to know %s: everyone is spared, and the grant is told', async (_what, privilege) => {
      const apps = await lab.leak(1);
      await lab.ask(`REVOKE ${privilege} FROM ${account}`);
      const { end } = await lab.sweep();
      await lab.ask(`GRANT ${privilege} TO ${account}`);
      expect(end).toMatchObject({ outcomes: [], results: {} });
      const { missing } = end as Report;
      expect(missing.map(({ grant }) => grant).join('; ')).toContain(`GRANT ${privilege}`);
      await expectUntouched(lab, apps);
    });
  });

  test('a statement that takes longer than its limit, for somebody has locked a catalog', async () => {
    const apps = await lab.leak(1);
    const boss = await lab.open('boss');
    const table = kind === 'mysql' ? 'mysql.user' : 'mysql.global_priv';
    const lock = isPostgres
      ? 'begin; lock table pg_authid in access exclusive mode'
      : `LOCK TABLES ${table} WRITE`;
    const locked = wrapEngine(({ snapshot: take }) => ({
      snapshot: beforeCall(1, () => boss.ask(lock), take),
    }));
    const swept = await lab.sweep({ deps: locked });
    await boss.ask(isPostgres ? 'rollback' : 'UNLOCK TABLES');
    expectFault(swept, ['snapshot.statement_timeout']);
    await expectUntouched(lab, apps);
  });

  test('a superuser among those whom the policy means is protected, and the others are ended', async () => {
    const apps = [...(await lab.leak(2)), await lab.open('boss')];
    await lab.untilLeaked(apps);
    const { end } = await lab.sweep();
    expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 }, verdicts: { protected: 1 } });
    expect(await areAlive(apps)).toEqual([false, false, true]);
  });

  // Not on MariaDB, whose server would let us end root: there the fact itself is what protects.
  if (kind !== 'mariadb')
    test('a superuser who became one after the look is refused, and the others are ended', async () => {
      const apps = [...(await lab.leak(2)), await lab.open('boss')];
      await lab.untilLeaked(apps);
      const blind = wrapEngine(({ snapshot: take }) => ({
        snapshot: async () => withoutSuperusers(await take()),
      }));
      const { end } = await lab.sweep({ deps: blind });
      expect(end).toMatchObject({ outcome: 'incomplete', results: { terminated: 2, refused: 1 } });
      expect((end as Report).outcomes.find(({ id }) => id === apps[2]?.id)?.code).toBe(
        isPostgres ? '42501' : '1095',
      );
      expect(await areAlive(apps)).toEqual([false, false, true]);
    });

  test('dry runs without a pause keep no sweep out', async () => {
    const apps = await lab.leak(2);
    let end: unknown;
    const within = wrapEngine(({ snapshot: take }) => ({
      snapshot: beforeCall(1, async () => ({ end } = await lab.sweep()), take),
    }));
    const dry = await lab.sweep({ target: { mode: 'dry-run' }, deps: within });
    expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
    expect(dry.end).toMatchObject({ mode: 'dry-run', outcomes: [] });
    expect(await countAlive(apps)).toBe(0);
  });

  test('another sweep while one is looking ends well and touches nothing', async () => {
    const apps = await lab.leak(2);
    let other: Awaited<ReturnType<Lab['sweep']>> | undefined;
    const within = wrapEngine(({ snapshot: take }) => ({
      snapshot: beforeCall(1, async () => (other = await lab.sweep()), take),
    }));
    const { end } = await lab.sweep({ deps: within });
    expect(other?.end).toMatchObject({ outcome: 'locked-out', before: null, outcomes: [] });
    expect(other?.messages).toEqual([]);
    expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
    expect(await countAlive(apps)).toBe(0);
  });

  test('a session that took the number of one that left between look and act is left alone', async () => {
    const [leaver, leaked] = (await lab.leak(2)) as [App, App];
    const heir = await lab.open();
    const reused = wrapEngine(({ snapshot: take }) => ({
      snapshot: afterFirstCall(
        async () => {
          leaver.close();
          await until(async () => !(await lab.snapshot()).sessions.some(({ id }) => id === leaver.id));
        },
        async () => withNumber(await take(), leaver, heir),
      ),
    }));
    const { end } = await lab.sweep({ deps: reused });
    expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 1, 'already gone': 1 } });
    expect(await areAlive([leaked, heir])).toEqual([false, true]);
  });

  test('a password rotated between fetch and login: the secret is fetched once more', async () => {
    const apps = await lab.leak(1);
    const { user, password } = lab.unleak;
    const setPassword = (word: string) =>
      lab.ask(
        isPostgres
          ? `alter role ${user} password '${word}'`
          : `ALTER USER ${user}@'%' IDENTIFIED BY '${word}'`,
      );
    const rotated = freshPassword();
    let fetches = 0;
    const fetch = async () => {
      fetches += 1;
      if (fetches === 1) await setPassword(rotated);
      return secretWith(lab, fetches === 1 ? password : rotated);
    };
    const { end } = await lab.sweep({ deps: { secrets: { fetch } } });
    await setPassword(password);
    expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 1 } });
    expect(fetches).toBe(2);
    expect(await countAlive(apps)).toBe(0);
  });

  if (!isPostgres)
    test('a server that is read only is looked at, and sessions are ended there', async () => {
      const apps = await lab.leak(2);
      const setting = kind === 'mysql' ? 'super_read_only' : 'read_only';
      await lab.ask(`SET GLOBAL ${setting} = ON`);
      const { end } = await lab.sweep();
      await lab.ask(`SET GLOBAL ${setting} = OFF`);
      await lab.ask('SET GLOBAL read_only = OFF');
      expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
      expect(await countAlive(apps)).toBe(0);
    });

  // PostgreSQL has nothing to undo, so its process is stopped: it is signalled and cannot answer.
  if (isPostgres && process.platform !== 'win32')
    test('a session that does not react to its end has survived, and is gone by the next sweep', async () => {
      const [app] = (await lab.leak(1)) as [App];
      process.kill(Number(app.id), 'SIGSTOP');
      try {
        const { end } = await lab.sweep();
        expect(end).toMatchObject({ outcome: 'incomplete', results: { survived: 1 } });
      } finally {
        process.kill(Number(app.id), 'SIGCONT');
      }
      await untilGone(lab, app);
      expect((await lab.sweep()).end).toMatchObject({ outcome: 'quiet', outcomes: [] });
    });

  // Whether it still rolls back at verification is up to the server; what is claimed must hold in either case.
  if (!isPostgres)
    test('a transaction that takes long to roll back: no false claim, and gone by a later sweep', async () => {
      const app = await lab.open();
      await app.ask('CREATE TABLE big (id INT PRIMARY KEY AUTO_INCREMENT, b VARCHAR(100)) ENGINE = InnoDB');
      await app.ask('START TRANSACTION');
      await app.ask(`INSERT INTO big (b) VALUES (REPEAT('x', 100))`);
      for (let doubled = 0; doubled < 17; doubled += 1)
        await app.ask('INSERT INTO big (b) SELECT b FROM big');
      await lab.untilLeaked([app]);
      const { end } = await lab.sweep({ deps: { deadline: oneSecondLook() } });
      const [outcome] = (end as Report).outcomes;
      expect(['survived', 'terminated']).toContain(outcome?.result);
      if (outcome?.result === 'terminated') expect(await isSeen(lab, app)).toBe(false);
      await untilGone(lab, app);
      expect(await isAlive(app)).toBe(false);
      expect((await lab.sweep()).end).toMatchObject({ outcome: 'quiet', outcomes: [] });
      expect(await lab.ask('SELECT COUNT(*) AS n FROM shop.big')).toEqual([{ n: 0 }]);
      await lab.ask('DROP TABLE shop.big');
    });

  test('after all of them a sweep works', async () => {
    await expectNextSweep(lab, await lab.leak(1));
  });
});

/** Opens sessions until the server refuses one. */
async function fill(lab: Lab): Promise<readonly App[]> {
  const apps: App[] = [];
  for (;;) {
    const app = await lab.open().catch(() => null);
    if (app === null) return apps;
    apps.push(app);
  }
}

function areAlive(apps: readonly App[]): Promise<boolean[]> {
  return Promise.all(apps.map(isAlive));
}

async function isSeen(lab: Lab, app: App): Promise<boolean> {
  return (await lab.snapshot()).sessions.some(({ id }) => id === app.id);
}

/** A login that is refused has the slot beyond the last for a moment, too. */
async function openOnceLetIn(lab: Lab): Promise<App> {
  const apps: App[] = [];
  await until(async () => {
    apps.push(
      ...(await lab.open('boss').then(
        (boss) => [boss],
        () => [],
      )),
    );
    return apps.length > 0;
  });
  return apps[0] as App;
}

/** A slot is free a moment after whoever had it has left. */
async function sweepOnceLetIn(lab: Lab): Promise<Report> {
  const reports: Report[] = [];
  await until(async () => {
    const { end } = await lab.sweep();
    if (!(end instanceof Fault)) reports.push(end);
    return reports.length > 0;
  });
  return reports[0] as Report;
}

async function untilGone(lab: Lab, app: App): Promise<void> {
  await expect.poll(() => isSeen(lab, app), { timeout: 40_000, interval: 200 }).toBe(false);
}

function secretWith({ unleak: { user, host, port } }: Lab, password: string): string {
  return JSON.stringify({ username: user, password, host, port });
}

function withoutSuperusers(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    sessions: snapshot.sessions.map((session) => ({ ...session, superuser: session.superuser && false })),
  };
}

/** The snapshot as it is had the one who leaves already had the number of its heir, who then is not there yet. */
function withNumber(snapshot: Snapshot, leaver: App, heir: App): Snapshot {
  if (!snapshot.sessions.some(({ id }) => id === leaver.id)) return snapshot;
  const others = snapshot.sessions.filter(({ id }) => id !== heir.id);
  return {
    ...snapshot,
    sessions: others.map((session) => (session.id === leaver.id ? { ...session, id: heir.id } : session)),
  };
}

/** Time for everything but a third look. */
function oneSecondLook() {
  const deadline = createDeadline(60_000, Date.now);
  let asked = 0;
  deadline.end();
  return { ...deadline, workLeftMs: () => (asked++ === 0 ? 10_000 : 0) };
}
