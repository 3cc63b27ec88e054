import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createFolderStore } from '../../cli/store/folder-store.ts';
import { listTargets } from '../../cli/store/read-history.ts';
import { readRecords } from '../../cli/store/read-records.ts';
import { runCli } from '../cli/run-cli.ts';
import { openShop, policyFor, type Shop } from '../cli/shop.ts';
import { until } from '../engines/contract/sessions.ts';
import { openAdmin as openMysqlAdmin } from '../engines/mysql/admin.ts';
import { openAdmin as openPostgresAdmin } from '../engines/postgres/admin.ts';
import { sweepAlone } from '../servers/sweep-alone.ts';
import { type AppSession, openAppSession } from './app-session.ts';

const never = new AbortController().signal;

describe.each(inject('servers'))('on $name, a dry run with a history', (server) => {
  const tag = randomBytes(5).toString('hex');
  const user = `wake_${tag}`;
  const isPostgres = server.kind === 'postgres';
  let shop: Shop;
  let folder: string;
  let sessions: AppSession[];
  let letOthersSweep: () => Promise<void>;
  let admin: Awaited<ReturnType<typeof openPostgresAdmin>> | Awaited<ReturnType<typeof openMysqlAdmin>>;

  beforeAll(async () => {
    letOthersSweep = await sweepAlone(server);
    shop = await openShop(server, 0);
    folder = mkdtempSync(join(tmpdir(), 'unleak-used-again-'));
    writeFileSync(join(folder, 'policy.yaml'), policyFor(user));
    admin = isPostgres ? await openPostgresAdmin(server) : await openMysqlAdmin(server);
    await admin.execute(
      isPostgres
        ? `CREATE ROLE ${user} LOGIN PASSWORD '${tag}'`
        : `CREATE USER ${user}@'%' IDENTIFIED BY '${tag}'`,
    );
    sessions = [];
    for (let index = 0; index < 6; index += 1)
      sessions.push(await openAppSession(server, user, tag, `app-${'abcdef'[index] ?? ''}`));
  });
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.close().catch(() => undefined)));
    await until(async () => (await countSessions()) === 0, 'the application left');
    await admin.execute(isPostgres ? `DROP ROLE ${user}` : `DROP USER ${user}@'%'`);
    await admin.close();
    await shop.close();
    rmSync(folder, { recursive: true, force: true });
    await letOthersSweep();
  });

  async function countSessions(): Promise<number> {
    return Number(
      await admin.value(
        isPostgres
          ? `select count(*) from pg_stat_activity where usename = '${user}'`
          : `SELECT COUNT(*) FROM information_schema.processlist WHERE user = '${user}'`,
      ),
    );
  }

  const inFolder = ['--history', ''];
  const sweep = (...more: string[]) => {
    const where = ['--url', shop.url, '--policy', join(folder, 'policy.yaml')];
    return runCli(['sweep', ...where, '--history', join(folder, 'history'), '--json', ...more]);
  };

  async function untilAged(count: number): Promise<void> {
    const isAged = async () => {
      const { out } = await runCli(['look', '--url', shop.url, '--json']);
      const { sessions: all } = JSON.parse(out) as {
        sessions: { user: string | null; stateMs: number | null }[];
      };
      return all.filter((each) => each.user === user && (each.stateMs ?? 0) >= 1_100).length === count;
    };
    await until(isAged, 'the sessions are older than a second');
  }

  test('knows who was used again, session by session, as the application itself does', async () => {
    await untilAged(6);
    expect((await sweep()).code).toBe(0);
    const [once, twice, closed, woken, silent, other] = sessions;
    await once?.wake();
    await twice?.wake();
    await twice?.wake();
    await closed?.close();
    await woken?.wake();
    await until(async () => (await countSessions()) === 5, 'the session closed');
    await untilAged(5);
    const log = join(folder, 'audit.jsonl');
    expect((await sweep('--log', log)).code).toBe(0);
    const store = createFolderStore(join(folder, 'history'));
    const [target = ''] = await listTargets(store, never);
    const day = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
    const { records } = await readRecords(store, target, day, never);
    const fates = records.flatMap((record) => record.fates.map(({ id, fate }) => [id, fate] as const)).sort();
    const truth = sessions
      .filter((session) => session.wakes.length > 0 || session === closed)
      .map((session) => [session.id, session === closed ? 'left' : 'usedAgain'] as const);
    expect(fates).toEqual(truth.sort());
    expect([silent, other].map((session) => session?.wakes)).toEqual([[], []]);

    const audit = JSON.parse(readFileSync(log, 'utf8')) as { audit: object };
    expect(audit.audit).toMatchObject({ host: server.host, port: server.port, ranBy: { kind: 'operator' } });
    inFolder[1] = join(folder, 'history');
    const proof = await runCli(['prove', ...inFolder, '--json']);
    expect(proof.code).toBe(1);
    expect(JSON.parse(proof.out)).toMatchObject({
      verdict: 'no',
      // Those that were used again are silent again by now, and chosen anew.
      ...{ chosen: 9, usedAgain: 3, left: 1, stillSilent: 5, ended: 0 },
      rules: [{ rule: 'leaked', chosen: 9, usedAgain: 3 }],
    });
  });

  test('and why answers for what an enforced sweep then ended', async () => {
    const silent = sessions[4];
    const before = await runCli(['why', '--pid', silent?.id ?? '', ...inFolder]);
    expect(before.code).toBe(1);
    expect(before.out).toContain('unleak did not end such a session');
    expect(before.out).toContain('(a dry run: nothing was touched)');
    expect((await sweep('--enforce', '--yes')).code).toBe(0);
    const { code, out } = await runCli(['why', '--pid', silent?.id ?? '', ...inFolder]);
    expect(out).toContain(`unleak ended session ${silent?.id ?? ''}`);
    expect(out).toMatch(/rule +leaked: .*\n/);
    expect(out).toMatch(/result +terminated, as verified/);
    expect(code).toBe(0);
    const shown = await runCli(['history', ...inFolder]);
    expect(shown.out).toMatch(/connections [▁▂▃▄▅▆▇█]+ \d+ of \d+/);
    const simulated = await runCli([
      'simulate',
      '-p',
      join(folder, 'policy.yaml'),
      '-f',
      join(folder, 'history'),
    ]);
    expect(simulated.out).toMatch(/on 3 snapshots/);
  });
});
