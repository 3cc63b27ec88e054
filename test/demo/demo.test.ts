import { beforeAll, describe, expect, test } from 'vitest';
import { mysqlSettings, openMysqlEstate } from '../../cli/demo/mysql-estate.ts';
import { runDemo } from '../../cli/demo/run-demo.ts';
import { findMariadb, startMariadb } from '../../servers/mariadb.ts';
import { findMysql } from '../../servers/mysql.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { type DemoRun, runDemoProcess } from './demo-process.ts';

const second = findMysql() ? 'mysql' : findMariadb() ? 'mariadb' : null;
const engines = ['postgres', ...(second === null ? [] : [second])];

/** What the demo's policy spares on every engine. */
const verdicts = { terminate: 13, cancel: 0, capped: 0, spared: 2, 'no-rule': 6 };
const protections: Readonly<Record<string, readonly string[]>> = {
  postgres: ['advisory-lock', 'backup', 'listen'],
  mysql: ['advisory-lock', 'backup'],
  mariadb: ['advisory-lock', 'backup'],
};

function protectionsOf(report: Report): string[] {
  return report.decisions.flatMap(({ protection }) => protection ?? []).sort();
}

describe('npm run demo', () => {
  let shown: DemoRun;
  let asJson: DemoRun;
  beforeAll(async () => {
    [shown, asJson] = await Promise.all([runDemoProcess(), runDemoProcess({ args: ['--json'] })]);
  });

  test('ends well and leaves nothing behind', () => {
    for (const { exitCode, leftovers } of [shown, asJson])
      expect({ exitCode, leftovers }).toEqual({ exitCode: 0, leftovers: [] });
  });

  test('prints the reports of each engine for machines, and nothing else, with --json', () => {
    const { schema, reports } = JSON.parse(asJson.out) as { schema: string; reports: Report[] };
    expect(schema).toBe('unleak.demo/1');
    const names = reports.map(({ target, mode }) => `${target.engine} ${mode}`);
    expect(names).toEqual(engines.flatMap((engine) => [`${engine} dry-run`, `${engine} enforce`]));
    for (const report of reports) {
      expect(report).toMatchObject({ schema: 'unleak.report/1', verdicts, missing: [], fault: null });
      expect(protectionsOf(report)).toEqual(protections[report.target.engine]);
    }
  });

  test('ends what the dry run said, and only that', () => {
    const { reports } = JSON.parse(asJson.out) as { reports: Report[] };
    for (const engine of engines) {
      const [dry, enforced] = reports.filter(({ target }) => target.engine === engine);
      expect(dry).toMatchObject({ outcome: 'would-end', results: {}, outcomes: [], after: null });
      expect(enforced).toMatchObject({ outcome: 'ended', results: { terminated: 13 } });
      const chosen = (report?: Report) =>
        report?.decisions.map(({ session, verdict, rule }) => [session.id, verdict, rule]);
      expect(chosen(enforced)).toEqual(chosen(dry));
      expect(enforced?.after?.used).toBe((enforced?.before?.used ?? 0) - 13);
    }
  });

  test('tells the story on a screen of 100 columns', () => {
    const lines = shown.out.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
    expect(count(/^== A leaking shop on /)).toBe(engines.length);
    expect(count(/^ {2}13 terminated$/)).toBe(engines.length);
    expect(count(/sent \d+ requests meanwhile, 0 failed\.$/)).toBe(engines.length);
    expect(count(/^ {2}The blocked checkout went through after \d/)).toBe(engines.length);
    expect(count(/^ {2}\| Subject: unleak: ended 13 leaked sessions/)).toBe(engines.length);
  });

  test('writes no colour and no control character into a pipe', () => {
    // eslint-disable-next-line no-control-regex -- it is what the test looks for
    expect(`${shown.out}${shown.err}${asJson.out}${asJson.err}`).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('says on standard error what it is doing', () => {
    expect(shown.err).toMatch(/PostgreSQL 18\S* is ready/);
    if (second === null) expect(shown.err).toContain('so the demo shows PostgreSQL only');
  });
});

describe('Ctrl-C', () => {
  test.each([
    ['while the server starts', 'Starting a database server'],
    ['while the leaks age', 'The shop is open'],
  ])('%s stops everything at once and says so', async (_when, interruptAt) => {
    const { exitCode, err, leftovers } = await runDemoProcess({ interruptAt });
    expect({ exitCode, leftovers }).toEqual({ exitCode: 130, leftovers: [] });
    expect(err).toContain('Interrupted; everything the demo started is stopped.');
  });
});

describe.skipIf(!findMariadb() || second === 'mariadb')(
  'on MariaDB, which gives way to MySQL where there is one',
  () => {
    test('the demo tells the same', async () => {
      const server = await startMariadb({ settings: mysqlSettings });
      try {
        const never = new AbortController().signal;
        const { dryRun, enforced, health } = await runDemo(server, openMysqlEstate, () => undefined, never);
        expect(enforced).toMatchObject({
          outcome: 'ended',
          verdicts,
          results: { terminated: 13 },
          missing: [],
        });
        expect(protectionsOf(dryRun)).toEqual(protections['mariadb']);
        expect(health.failed).toBe(0);
        expect(health.checkoutWaitedMs).toEqual(expect.any(Number));
      } finally {
        await server.stop();
      }
    });
  },
);
