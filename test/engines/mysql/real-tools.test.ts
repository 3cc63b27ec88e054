import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalServer } from '../../../servers/local-server.ts';
import { findMariadb, startMariadb } from '../../../servers/mariadb.ts';
import { runCli } from '../../cli/run-cli.ts';
import { type DebianTool, findDebianTool } from '../../servers/debian-tools.ts';
import { until } from '../contract/sessions.ts';
import { type Admin, openAdmin } from './admin.ts';
import { runTool } from './real-tools.ts';

const backup = findDebianTool('mariadb-backup');
const schemaChange = findDebianTool('pt-online-schema-change');
const missing = [
  backup === null ? 'mariadb-backup' : '',
  schemaChange === null ? 'percona-toolkit' : '',
].filter((name) => name !== '');
if (missing.length > 0)
  console.warn(`Skipped: ${missing.join(', ')} (unpack them and name the folder in UNLEAK_TEST_TOOLS)`);

const policy = `rules: [{ name: leaked, state: [idle, idle in transaction], for: 1s, match: { user: tool } }]
caps: { share: 100% }
`;

describe.skipIf(findMariadb() === null)('real tools survive an enforced sweep whole', () => {
  let server: LocalServer;
  let admin: Admin;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    const settings = {
      performance_schema: 'ON',
      'performance-schema-instrument': 'wait/lock/metadata/sql/mdl=ON',
    };
    server = await startMariadb({ settings });
    admin = await openAdmin(server);
    folder = mkdtempSync(join(tmpdir(), 'unleak-tools-'));
    writeFileSync(join(folder, 'policy.yaml'), policy);
    const grants = await runCli(['grants', '--engine', 'mariadb']);
    await admin.execute(grants.out);
    const password = /IDENTIFIED BY '([^']+)'/.exec(grants.out)?.[1] ?? '';
    url = `mariadb://unleak:${password}@127.0.0.1:${server.port}`;
    await admin.execute(`CREATE USER tool@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO tool@'%';
      REVOKE SUPER ON *.* FROM tool@'%'; CREATE DATABASE shop;
      CREATE TABLE shop.t (id INT PRIMARY KEY AUTO_INCREMENT, v INT);
      INSERT INTO shop.t (v) SELECT 1 FROM mysql.global_priv, information_schema.collations LIMIT 300`);
  });
  afterAll(async () => {
    await admin.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Its sessions have rested for longer than the rule asks, at least so many of them. */
  const rests = async (sessions: number) =>
    Number(
      await admin.value(
        `SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'tool' AND command = 'Sleep' AND time_ms > 1500`,
      ),
    ) >= sessions;

  const sweep = async () => {
    const policyFile = join(folder, 'policy.yaml');
    const args = ['sweep', '--url', url, '--policy', policyFile, '--enforce', '--yes', '--json'];
    const { out, err } = await runCli(args);
    if (out === '') throw new Error(err);
    return (JSON.parse(out) as { decisions: { verdict: string; protection: string; reason: string }[] })
      .decisions;
  };

  const finish = async (tool: ReturnType<typeof runTool>) => {
    const { code, output } = await tool;
    expect(output.slice(-2_000), String(code)).toSatisfy(() => code === 0);
  };

  it.skipIf(backup === null)('mariadb-backup, whose connections rest beside the one that locks', async () => {
    const other = await openAdmin(server);
    await other.execute('BACKUP STAGE START'); // keeps the tool where it is, its other connections at rest
    const tool = runTool(backup as DebianTool, [
      ...['--no-defaults', '--backup', '--host=127.0.0.1', `--port=${server.port}`, '--user=tool'],
      ...['--password=x', `--datadir=${server.dataFolder}`, `--target-dir=${join(folder, 'backup')}`],
    ]);
    await until(() => rests(2), 'its other connections rest');
    const decisions = await sweep();
    await other.execute('BACKUP STAGE END');
    await other.close();
    const found = decisions.filter(({ verdict }) => verdict !== 'no-rule');
    expect(found.length).toBeGreaterThanOrEqual(2);
    for (const { verdict, protection, reason } of found) {
      expect([verdict, protection]).toEqual(['protected', 'backup']);
      expect(reason).toMatch(/same process as \d+, which takes the lock of a backup/);
    }
    await finish(tool);
  });

  it.skipIf(schemaChange === null)('pt-online-schema-change, which sends its path', async () => {
    const tool = runTool(schemaChange as DebianTool, [
      ...['--alter', 'ADD COLUMN c INT', '--execute', '--no-version-check', '--recursion-method', 'none'],
      ...['--chunk-size', '100', '--chunk-time', '0', '--sleep', '2', '--no-check-replication-filters'],
      `h=127.0.0.1,P=${server.port},u=tool,p=x,D=shop,t=t`,
    ]);
    await until(() => rests(1), 'it rests');
    const found = (await sweep()).filter(({ verdict }) => verdict !== 'no-rule');
    expect(found.length).toBeGreaterThanOrEqual(1);
    for (const { verdict, protection } of found)
      expect([verdict, protection]).toEqual(['protected', 'migration']);
    await finish(tool);
  });
});
