import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type NamedProtection,
  toolNames,
} from '../../../../functions/core/decide/protections/tools/tool-names.ts';
import { buildPolicy, buildSession, decideOne } from '../../build-session.ts';
import { runs } from '../arbitrary.ts';

/** The protection that a program's name earns; null when nothing protects it. */
function protectionOf(application: string): string | null {
  return decideOne(buildSession({ application }), buildPolicy([{}])).protection;
}

const ownForms: readonly (readonly [protection: NamedProtection, ...names: string[]])[] = [
  ['backup', 'pg_dump', 'PG_DUMP', 'pg_dumpall', 'pg_restore', 'pg_dump-16', 'pg_dump 16.4', 'pg_dump/17rc'],
  ['backup', '/usr/lib/postgresql/16/bin/pg_dump', './pg_dump', String.raw`C:\Program Files\pg\pg_dump.exe`],
  ['backup', String.raw`C:\Program Files\MySQL\MySQL Server 8.0\bin\mysqldump.exe`, 'mysqldump', 'mysqlpump'],
  ['backup', 'pgBackRest [backup]', 'pgBackRest [archive-push]', 'barman', 'barman_receive_wal', 'wal-g'],
  ['backup', 'pgcopydb[79] clone', 'pgcopydb[12345] follow', 'pgcopydb', 'pg_probackup', 'innobackupex'],
  ['backup', 'mydumper', 'myloader', 'xtrabackup', 'mariabackup', 'mariadb-dump', 'mariadb-backup'],
  ['migration', '/usr/bin/pt-online-schema-change', '/usr/bin/pt-archiver', 'pt-table-sync', 'gh-ost'],
  ['migration', '/opt/tools/pt-online-schema-change.pl', '/usr/local/bin/alembic.py', '../bin/dbmate'],
  ['migration', 'Flyway by Redgate', 'flyway-12', 'flyway 11.8.2', 'flyway/10.0.0', 'flyway v9.22.3'],
  ['migration', 'liquibase', 'alembic', 'sqitch', 'pgroll', 'golang-migrate', 'node-pg-migrate', 'bytebase'],
  ['migration', 'pg_repack', 'pg_repack 1.5.0', 'vacuumdb', 'mysqlcheck', 'bytebase-taskrun-17'],
  ['change-data-capture', 'Debezium Streaming', 'Debezium General', 'debezium', 'AWS DMS', 'AWS DMS task 7'],
  ['change-data-capture', 'bucardo kid (PID 4711)', 'slon.local_listen', 'slon.node_2_listen', 'peerdb'],
  ['change-data-capture', 'materialize', 'risingwave', 'striim', 'Qlik Replicate', 'londiste3'],
  ['pooler', 'pgbouncer', 'PgBouncer 1.24.1', 'RDS Proxy', 'rdsproxy', 'pgcat', 'Supavisor (auth_query)'],
  ['pooler', 'postgres_fdw', 'proxysql_monitor', 'citus_internal gpid=10000000123'],
  ['listen', 'odoo-4711', 'PostgREST 12.2.3', 'PostgREST 11.1.0 (5a04ec7)', 'ActionCable-PID-42'],
  ['listen', 'GoodJob::Notifier', 'Que Locker: 4711', 'realtime_listen', 'graphile-worker'],
];

describe('a tool is recognised by the names that it gives itself', () => {
  for (const [protection, ...names] of ownForms)
    it.each(names)(`${protection}: %s`, (name) => {
      expect(protectionOf(name)).toBe(protection);
    });

  it('every name of the list is recognised by the protection that lists it', () => {
    for (const [protection, names] of Object.entries(toolNames))
      for (const name of names) expect([name, protectionOf(name)]).toEqual([name, protection]);
  });
});

const neighbours = [
  ...['dms-portal', 'dms_api', 'dmsweb', 'my-dms', 'barman-ui', 'barman-dashboard', 'stitch-web'],
  ...['flink-dashboard', 'fivetran-sync-ui', 'maxwell-house', 'wal-grid', 'wal-g-exporter', 'flyway-ui'],
  ...['odyssey-travel', 'airbyte-server', 'pgpool-admin', 'debezium-ui', 'pg_dump_scheduler', 'odoo-web'],
  ...['liquibaseadmin', 'my pg_dump', 'not/pg_dumper', 'pgbouncer_exporter', 'PostgREST-clone', 'hevo shop'],
  ...['flyway-12-portal', 'stitch 2 go', 'alembic.api', 'dms[portal]', 'proxysql-admin', 'realtime_listener'],
  ...['atlas', 'prisma', 'bin/rails', 'puma', '/usr/bin/dms-portal', 'pg_dump/worker', 'stitch (blue)x'],
];

describe('an ordinary application is not taken for a tool', () => {
  it.each(neighbours)('%s', (name) => {
    expect(protectionOf(name)).toBeNull();
  });

  it('whatever word stands before or behind a tool’s name, and however it is joined to it', () => {
    const plain = Object.values(toolNames)
      .flat()
      .filter((name) => !name.includes('*'));
    const all = new Set(plain.map((name) => name.toLowerCase()));
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const joint = fc.constantFrom('', '-', '_', '.', ' ', ':', '/', '@', '+', '-2-');
    fc.assert(
      fc.property(fc.constantFrom(...plain), word, joint, (name, other, by) => {
        const behind = `${name}${by}${other}`;
        fc.pre(!isOwnForm(behind, all) && !isOwnForm(`${other}${by}${name}`, all));
        expect([behind, protectionOf(behind)]).toEqual([behind, null]);
        if (by === '/') return; // a path to the tool
        const before = `${other}${by}${name}`;
        expect([before, protectionOf(before)]).toEqual([before, null]);
      }),
      { ...runs, numRuns: 3_000 },
    );
  });
});

/** By chance another tool's name, a file's extension, or the form of a tool that adds words of its own. */
function isOwnForm(name: string, all: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  const last = lower.split('/').at(-1) ?? '';
  return all.has(lower) || all.has(last) || /^(?:debezium|aws dms) |\.[a-z]{2,4}$/.test(lower);
}
