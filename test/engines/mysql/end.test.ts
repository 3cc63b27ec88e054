import { leftAlone } from '../contract/left-alone.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { end } from '../../../functions/engines/mysql/terminate/end.ts';
import { findKillMethods } from '../../../functions/engines/mysql/terminate/kill-methods.ts';
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
import { openWire } from './open-wire.ts';

describe.for(mysqlServers)('$name', (server) => {
  test('each session of a batch gets its own answer', async () => {
    const control = await openControl(server);
    const [idle, used, left] = [
      await openApplication(server),
      await openApplication(server),
      await openApplication(server),
    ];
    const [a, b, c] = [await see(control, idle), await see(control, used), await see(control, left)];
    await used.query('SELECT 1');
    await left.end();
    await until(async () => (await find(control, left)) === undefined);
    const attempts = await control.end([b, c, a].map((session) => ({ session, action: 'terminate' })));
    expect(attempts).toEqual([
      { id: b.id, result: leftAlone },
      { id: c.id, result: 'gone' },
      { id: a.id, result: 'signalled' },
    ]);
    await until(async () => (await find(control, idle)) === undefined);
    await expect(used.query('SELECT 1')).resolves.toBeDefined();
  });

  test.for(['BEGIN', 'DO 1', 'SELECT SLEEP(5)'])(
    'a session that meanwhile ran %s is left alone',
    async (sql) => {
      const control = await openControl(server);
      const application = await openApplication(server);
      await application.query('SELECT 1');
      const session = await see(control, application);
      const running = application.query(sql);
      if (!sql.includes('SLEEP')) await running;
      else await seeAtWork(control, application);
      expect(await control.end([{ session, action: 'terminate' }])).toEqual([
        { id: session.id, result: leftAlone },
      ]);
      await running;
    },
  );

  test('one that the server is too busy to be sure of is late, and one that woke up is changed', async () => {
    const control = await openControl(server);
    const { wire, variant } = await openWire(server);
    onTestFinished(() => wire.close());
    const [unused, used] = [await openApplication(server), await openApplication(server)];
    const batch = [await see(control, unused), await see(control, used)];
    await used.query('SELECT 1');
    const requests = batch.map((session) => ({ session, action: 'terminate' as const }));
    const methods = await findKillMethods(wire, variant);
    // No check is that fresh, as on a server where each one is too old by the time of its signal.
    const never = () => Promise.resolve(-1);
    expect(await end(wire, variant, methods, requests, never)).toMatchObject([
      { result: 'late' },
      { result: leftAlone },
    ]);
    await expect(unused.query('SELECT 1')).resolves.toBeDefined();
  });

  test('a ping counts as use', async () => {
    const control = await openControl(server);
    const application = await openApplication(server);
    await application.query('SELECT 1');
    const session = await see(control, application);
    await application.ping();
    expect(await control.end([{ session, action: 'terminate' }])).toEqual([
      { id: session.id, result: leftAlone },
    ]);
  });

  test('cancel ends the statement that was seen and leaves the session', async () => {
    const control = await openControl(server);
    const application = await openApplication(server);
    const first = application.query('SELECT SLEEP(20)').catch((error: unknown) => error);
    const seen = await seeAtWork(control, application);
    expect(await control.end([{ session: seen, action: 'cancel' }])).toEqual([
      { id: seen.id, result: 'signalled' },
    ]);
    await first;
    const second = application.query('SELECT SLEEP(5) AS slept');
    await seeAtWork(control, application);
    expect(await control.end([{ session: seen, action: 'cancel' }])).toEqual([
      { id: seen.id, result: leftAlone },
    ]);
    expect((await second)[0]).toEqual([{ slept: 0 }]);
  });

  test('one that KILL QUERY asked while it slept is seen as idle, and ended', async () => {
    const control = await openControl(server);
    const application = await openApplication(server);
    await application.query('SELECT 1');
    const root = await openRoot(server);
    await root.query(`KILL QUERY ${application.threadId}`);
    const session = await see(control, application);
    expect(session.state).toBe('idle');
    expect(await control.end([{ session, action: 'terminate' }])).toEqual([
      { id: session.id, result: 'signalled' },
    ]);
    await until(async () => (await find(control, application)) === undefined);
  });

  test('our own connection cannot be ended by itself', async () => {
    const control = await openControl(server);
    const own = (await control.snapshot()).sessions.filter(({ kind }) => kind === 'unleak');
    for (const session of own) {
      const [attempt] = await control.end([
        { session: { ...session, state: 'active' }, action: 'terminate' },
      ]);
      expect(attempt?.result).not.toBe('signalled');
    }
    await expect(control.snapshot()).resolves.toBeDefined();
  });

  test('a login without the privilege is refused with the number, session by session', async () => {
    const grants =
      server.kind === 'mysql' ? ['PROCESS ON *.*', 'SELECT ON performance_schema.*'] : ['PROCESS ON *.*'];
    const user = await createUser(server, grants);
    const control = await openControl(server, { user, password });
    const other = await openApplication(server);
    const mine = await openApplication(server, { user, password });
    const [theirs, own] = [await see(control, other), await see(control, mine)];
    const batch = [theirs, own].map((session) => ({ session, action: 'terminate' as const }));
    expect(await control.end(batch)).toMatchObject([
      { id: theirs.id, result: 'refused', code: '1095' },
      { id: own.id, result: 'signalled' },
    ]);
    await expect(other.query('SELECT 1')).resolves.toBeDefined();
  });

  test('a session whose identity is not a number ends nothing', async () => {
    const control = await openControl(server);
    const application = await openApplication(server);
    const session = await see(control, application);
    const forged = { ...session, identity: { ...session.identity, use: '0 OR 1 = 1' } };
    expect(await control.end([{ session: forged, action: 'terminate' }])).toMatchObject([
      { result: leftAlone },
    ]);
    await expect(application.query('SELECT 1')).resolves.toBeDefined();
  });
});

describe.for(mysqlServers.filter(({ kind }) => kind === 'mariadb'))('$name only', (server) => {
  test('root, whom the server would let us end, is refused by unleak itself', async () => {
    const control = await openControl(server);
    const root = await openRoot(server);
    const session = await see(control, root);
    expect(session).toMatchObject({ superuser: true });
    const attempts = await control.end([{ session, action: 'terminate' }]);
    expect(attempts).toMatchObject([{ result: 'refused', code: '1095' }]);
    await expect(root.query('SELECT 1')).resolves.toBeDefined();
  });

  test('a query that has the number of a ping is not touched when the one that pinged is ended', async () => {
    const control = await openControl(server);
    const [pinger, worker] = [await openApplication(server), await openApplication(server)];
    let slow: Promise<readonly unknown[]> = Promise.resolve([]);
    // A ping takes the number that the next query, whosever it is, will have.
    await until(async () => {
      await slow;
      const slept = Promise.all([pinger.ping(), worker.query('SELECT SLEEP(2) AS broken')]);
      slow = slept;
      const works = await seeAtWork(control, worker);
      const pinged = await see(control, pinger);
      return pinged.identity['use'] === works.identity['use'];
    });
    const session = await see(control, pinger);
    expect(await control.end([{ session, action: 'terminate' }])).toEqual([
      { id: session.id, result: 'signalled' },
    ]);
    // SLEEP answers 1 when it is interrupted.
    expect(await slow).toMatchObject([true, [[{ broken: 0 }], expect.anything()]]);
  });

  test('cancelling what is over does not touch those that have run nothing yet', async () => {
    const control = await openControl(server);
    const fresh = await openApplication(server);
    const session = { ...(await see(control, fresh)), state: 'active' as const };
    const over = { ...session, identity: { ...session.identity, use: '1', state: 'active' } };
    const attempts = await control.end([{ session: over, action: 'cancel' }]);
    expect(attempts).toEqual([{ id: session.id, result: leftAlone }]);
  });
});

describe.for(mysqlServers.filter(({ kind }) => kind === 'mysql'))('$name only', (server) => {
  test('a SYSTEM_USER in the batch does not stop the others', async () => {
    const grants = ['PROCESS, CONNECTION_ADMIN ON *.*', 'SELECT ON performance_schema.*'];
    const control = await openControl(server, { user: await createUser(server, grants), password });
    const user = await createUser(server);
    const [root, leaked] = [await openRoot(server), await openApplication(server, { user, password })];
    const batch = [await see(control, root), await see(control, leaked)];
    const attempts = await control.end(batch.map((session) => ({ session, action: 'terminate' })));
    expect(attempts).toMatchObject([{ result: 'refused', code: '1095' }, { result: 'signalled' }]);
  });
});
