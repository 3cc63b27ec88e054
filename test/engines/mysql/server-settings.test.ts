import { describe, expect, onTestFinished, test } from 'vitest';
import type { LocalServer } from '../../../cli/servers/local-server.ts';
import { startMariadb } from '../../../cli/servers/mariadb.ts';
import { startMysql } from '../../../cli/servers/mysql.ts';
import { createUser, mysqlServers, openApplication, openControl, openRoot, password, see } from './lab.ts';

/** A server of our own, since its settings would trouble every other test. */
async function startOwn(kind: string): Promise<LocalServer> {
  const settings = kind === 'mariadb' ? { performance_schema: 'ON' } : {};
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
});
