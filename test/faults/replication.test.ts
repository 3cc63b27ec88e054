import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Report } from '../../functions/core/model/report.ts';
import { until } from '../flow/postgres-shop.ts';
import { countAlive, expectNoControl, freshPassword, type Lab, openLab } from './lab.ts';

/* Two servers, one of which follows the other; PostgreSQL's pair is in restart.test.ts. */

type Kind = 'mysql' | 'mariadb';
const kinds = new Set(inject('servers').flatMap(({ kind }) => (kind === 'postgres' ? [] : [kind])));

const words = {
  mysql: {
    position: 'SHOW BINARY LOG STATUS',
    follow: (host: string, port: number, password: string, file: string, place: string) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${host}', SOURCE_PORT = ${port}, SOURCE_USER = 'follower', ` +
      `SOURCE_PASSWORD = '${password}', SOURCE_LOG_FILE = '${file}', SOURCE_LOG_POS = ${place}, GET_SOURCE_PUBLIC_KEY = 1`,
    start: 'START REPLICA',
    status: 'SHOW REPLICA STATUS',
    running: ['Replica_IO_Running', 'Replica_SQL_Running'],
  },
  mariadb: {
    position: 'SHOW MASTER STATUS',
    follow: (host: string, port: number, password: string, file: string, place: string) =>
      `CHANGE MASTER TO MASTER_HOST = '${host}', MASTER_PORT = ${port}, MASTER_USER = 'follower', ` +
      `MASTER_PASSWORD = '${password}', MASTER_LOG_FILE = '${file}', MASTER_LOG_POS = ${place}`,
    start: 'START SLAVE',
    status: 'SHOW SLAVE STATUS',
    running: ['Slave_IO_Running', 'Slave_SQL_Running'],
  },
};

async function open(kind: Kind, settings: Record<string, string>): Promise<Lab> {
  const lab = await openLab(kind, settings);
  onTestFinished(async () => {
    await lab.settle();
    lab.close();
    await lab.stop();
  });
  return lab;
}

/** Makes the second server follow the first, and waits until it does. */
async function follow(kind: Kind, source: Lab, replica: Lab): Promise<void> {
  const { position, follow: toFollow, start } = words[kind];
  const password = freshPassword();
  await source.ask(`CREATE USER follower@'%' IDENTIFIED BY '${password}'`);
  await source.ask(`GRANT REPLICATION SLAVE ON *.* TO follower@'%'`);
  const [at] = await source.ask(position);
  const { host, port } = source.server;
  await replica.ask(toFollow(host, port, password, String(at?.['File']), String(at?.['Position'])));
  await replica.ask(start);
  await until(() => isFollowing(kind, replica));
}

async function isFollowing(kind: Kind, replica: Lab): Promise<boolean> {
  const { status, running } = words[kind];
  const [row] = await replica.ask(status);
  return running.every((column) => row?.[column] === 'Yes');
}

/** The numbers of the threads of the stream that a look shows, and what they are. */
async function streamOf(lab: Lab): Promise<readonly string[]> {
  const { sessions } = await lab.snapshot();
  return sessions.filter(({ kind }) => kind === 'replication').map(({ id }) => id);
}

describe.for([...kinds])('%s', (kind) => {
  test(
    'a policy of everybody ends what leaked on either server, and the stream goes on with the same threads',
    { timeout: 120_000 },
    async () => {
      const source = await open(kind, { server_id: '1', log_bin: 'changes' });
      const replica = await open(kind, { server_id: '2' });
      await follow(kind, source, replica);
      await source.ask('CREATE TABLE shop.news (id INT PRIMARY KEY)');
      const before = [await streamOf(source), await streamOf(replica)];
      expect(before[0]).toHaveLength(1);
      expect(before[1]?.length).toBeGreaterThanOrEqual(2);
      for (const lab of [source, replica]) {
        const apps = await lab.leak(2);
        const { end } = await lab.sweep({ ofEverybody: true });
        expect(end).toMatchObject({ outcome: 'ended', results: { terminated: 2 } });
        expect((end as Report).outcomes.map(({ id }) => id).sort()).toEqual(apps.map(({ id }) => id).sort());
        expect(await countAlive(apps)).toBe(0);
        await expectNoControl(lab);
      }
      await source.ask('INSERT INTO shop.news VALUES (1)');
      await until(async () => (await replica.ask('SELECT id FROM shop.news')).length === 1);
      expect([await streamOf(source), await streamOf(replica)]).toEqual(before);
      expect(await isFollowing(kind, replica)).toBe(true);
    },
  );
});
