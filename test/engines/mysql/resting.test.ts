import { createConnection } from 'mysql2/promise';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysqlSettings } from '../../../cli/demo/mysql-estate.ts';
import type { LocalServer } from '../../../servers/local-server.ts';
import { startMariadb } from '../../../servers/mariadb.ts';
import { startMysql } from '../../../servers/mysql.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import { mariadbPluginFolder } from '../../servers/debian-tools.ts';
import { createUser, find, mysqlServers, openApplication, openControl, password, until } from './lab.ts';

const plugins = mariadbPluginFolder();
const hasPlugin = existsSync(`${plugins}/metadata_lock_info.so`);
if (!hasPlugin)
  console.warn(`Tests without metadata_lock_info: ${plugins} lacks it (Debian: mariadb-server).`);

const everywhere = ['events', 'plugin'] as const;
type Fact = Partial<Pick<Session, 'tableLock' | 'xa' | 'temporaryTable' | 'backingUp' | 'state'>>;

const resting: readonly (readonly [
  what: string,
  statements: string,
  fact: Fact,
  where: readonly string[],
])[] = [
  ['LOCK TABLES … READ', 'LOCK TABLES shop.item READ', { tableLock: true }, everywhere],
  ['LOCK TABLES … WRITE', 'LOCK TABLES shop.item WRITE', { tableLock: true }, everywhere],
  ['FLUSH TABLES … WITH READ LOCK', 'FLUSH TABLES shop.item WITH READ LOCK', { tableLock: true }, everywhere],
  ['FLUSH TABLES … FOR EXPORT', 'FLUSH TABLES shop.item FOR EXPORT', { tableLock: true }, everywhere],
  ['HANDLER … OPEN', 'HANDLER shop.item OPEN', { tableLock: true }, everywhere],
  [
    'FLUSH TABLES WITH READ LOCK',
    'FLUSH TABLES WITH READ LOCK',
    { tableLock: false, backingUp: true },
    everywhere,
  ],
  ['BACKUP STAGE', 'BACKUP STAGE START', { tableLock: false, backingUp: true }, ['plugin']],
  [
    'a reader of MyISAM without autocommit',
    'SET autocommit = 0; SELECT * FROM shop.old',
    { tableLock: true },
    ['mysql'],
  ],
  [
    'an open transaction',
    'BEGIN; SELECT * FROM shop.item',
    { tableLock: false, xa: false, state: 'idle in transaction' },
    everywhere,
  ],
  [
    'a temporary table',
    'CREATE TEMPORARY TABLE shop.mine (id INT)',
    { temporaryTable: true, tableLock: false },
    ['mysql'],
  ],
  [
    'one that was dropped',
    'CREATE TEMPORARY TABLE shop.mine (id INT); DROP TEMPORARY TABLE shop.mine',
    { temporaryTable: false },
    ['mysql'],
  ],
  ['a branch of XA', `XA START 'x'; INSERT INTO shop.item VALUES (7)`, { xa: true }, ['mysql']],
  [
    'a prepared branch',
    `XA START 'x'; INSERT INTO shop.item VALUES (7); XA END 'x'; XA PREPARE 'x'`,
    { xa: true },
    ['mysql'],
  ],
];

describe.for(
  mysqlServers.flatMap(({ kind }) =>
    kind === 'mysql' ? ['mysql'] : ['events', ...(hasPlugin ? ['plugin'] : [])],
  ),
)('what rests, by %s', (source) => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startWith(source);
    const root = await openRootFor(server);
    await root.query('CREATE DATABASE shop');
    await root.query('CREATE TABLE shop.item (id INT PRIMARY KEY) ENGINE=InnoDB');
    await root.query('CREATE TABLE shop.old (id INT) ENGINE=MyISAM');
    await root.end();
  }, 120_000);
  afterAll(() => server.stop());

  const here = resting.filter(
    ([, , , where]) => where.includes(source) || (source === 'mysql' && where === everywhere),
  );
  test.for(here)('%s', async ([, statements, fact]) => {
    const control = await openControl(server);
    const user = await createUser(server, ['ALL ON shop.*', 'RELOAD ON *.*', 'PROCESS ON *.*']);
    const session = await openApplication(server, { user, password, multipleStatements: true });
    await session.query(statements);
    const seen = await until(async () => {
      const now = await find(control, session);
      return now?.state?.startsWith('idle') && now;
    });
    expect(seen).toMatchObject(fact);
    await session.query(`UNLOCK TABLES`).catch(() => undefined);
    for (const end of [`XA END 'x'`, `XA ROLLBACK 'x'`]) await session.query(end).catch(() => undefined);
  });
});

function startWith(source: string): Promise<LocalServer> {
  if (source === 'mysql') return startMysql();
  if (source === 'events') return startMariadb({ settings: mysqlSettings });
  return startMariadb({ settings: { 'plugin-dir': plugins, 'plugin-load-add': 'metadata_lock_info' } });
}

function openRootFor(server: LocalServer) {
  const { host, port, adminUser: user, adminPassword } = server;
  return createConnection({ host, port, user, password: adminPassword });
}
