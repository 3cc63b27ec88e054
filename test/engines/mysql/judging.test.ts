import { describe, expect, test } from 'vitest';
import { softProtections } from '../../../functions/contract/policy.ts';
import { idsTakenBy } from '../contract/deciding.ts';
import { createUser, mysqlServers, password, openApplication, openControl, seeAtWork, until } from './lab.ts';

/** Stock MariaDB shows nobody's locks, so that everyone might hold one. */
const lift = [...softProtections];

describe.for(mysqlServers)('$name', (server) => {
  test('a result that its client does not take: MariaDB says so, of MySQL it is unknown and spares', async () => {
    const control = await openControl(server);
    const application = await openApplication(server, { user: await createUser(server), password });
    const columns = 'information_schema.columns';
    const huge = `SELECT REPEAT('x', 100000) FROM ${columns} a, ${columns} b LIMIT 3000`;
    const over = application.query(huge).catch(() => undefined);
    const { stream } = (application as unknown as { connection: { stream: NodeJS.ReadableStream } })
      .connection;
    stream.pause();
    let session = await seeAtWork(control, application);
    await until(async () => {
      session = await seeAtWork(control, application);
      const isSeen = server.kind === 'mariadb' ? session.waitsForClient === true : session.state === 'active';
      return isSeen && (session.stateMs ?? 0) >= 1_500;
    });
    const snapshot = await control.snapshot();
    const taken = idsTakenBy(snapshot, session.user ?? '', { waitingForClient: true }, lift);
    expect(taken).toEqual(server.kind === 'mariadb' ? [session.id] : []);
    const cancelled = idsTakenBy(snapshot, session.user ?? '', { action: 'cancel' }, lift);
    expect(cancelled).toEqual(server.kind === 'mariadb' ? [] : [session.id]);
    await control.end([{ session: await seeAtWork(control, application), action: 'terminate' }]);
    stream.resume();
    await over;
  });

  test('the server’s own STATE is matched', async () => {
    const control = await openControl(server);
    const application = await openApplication(server, { user: await createUser(server), password });
    const over = application.query('SELECT SLEEP(30)').catch(() => undefined);
    await until(async () => ((await seeAtWork(control, application)).stateMs ?? 0) >= 1_500);
    const session = await seeAtWork(control, application);
    const snapshot = await control.snapshot();
    const taken = (serverState: string) =>
      idsTakenBy(snapshot, session.user ?? '', { match: { serverState, user: session.user ?? '' } }, lift);
    expect([taken('User sleep'), taken('User lock')]).toEqual([[session.id], []]);
    await control.end([{ session, action: 'terminate' }]);
    await over;
  });
});
