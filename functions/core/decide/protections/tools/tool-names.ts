import type { SoftProtection } from '../../../../contract/policy.ts';

/** The protections that know programs by the name these give themselves. */
export type NamedProtection = Extract<
  SoftProtection,
  'listen' | 'backup' | 'migration' | 'change-data-capture' | 'pooler'
>;

/**
 * What tools send as application_name or program_name, by protection; docs/reference/tools.md says of each how that is known. A word that is also an
 * ordinary name of applications (atlas, spirit, prisma, rails) is missing, or stands here in a form that nothing else has.
 */
export const toolNames: Readonly<Record<NamedProtection, readonly string[]>> = {
  listen: [
    ...['odoo', 'PostgREST', 'ActionCable-PID', 'GoodJob::Notifier', 'Que Locker', 'realtime_listen'],
    ...['Exekutor[id: *', 'hasura', 'graphql-engine', 'graphile-worker', 'pgqueuer', 'procrastinate'],
  ],
  backup: [
    ...['pg_dump', 'pg_dumpall', 'pg_restore', 'pg_basebackup', 'pg_receivewal', 'pg_receivexlog'],
    ...['pg_recvlogical', 'pg_rewind', 'pgBackRest', 'pgBackRest [*]', 'barman', 'barman_receive_wal'],
    ...['barman_streaming_backup', 'wal-g', 'wal-e', 'pghoard', 'pg_probackup', 'pg_rman', 'pgcopydb'],
    ...['pgcopydb[*', 'pgloader', 'ora2pg', 'autopostgresqlbackup', 'automysqlbackup', 'mysqldump'],
    ...['mysqlpump', 'mysqlsh', 'mysqlimport', 'mysqlhotcopy', 'mysqlbackup', 'mydumper', 'myloader'],
    ...['mariadb-dump', 'mariadb-import', 'mariadb-backup', 'mariadb-hotcopy', 'mariabackup'],
    ...['xtrabackup', 'innobackupex', 'vtbackup'],
  ],
  migration: [
    ...['flyway', 'Flyway by Redgate', 'liquibase', 'alembic', 'sqitch', 'pgroll', 'gh-ost', 'skeema'],
    ...['golang-migrate', 'goose', 'dbmate', 'node-pg-migrate', 'graphile-migrate', 'drizzle-kit'],
    ...['prisma-migrate', 'prisma migrate', 'prisma_migrate', 'sequelize-cli', 'phinx', 'DbUp'],
    ...['bytebase', 'bytebase-taskrun', 'pg-osc', 'pg-online-schema-change', 'pg_repack', 'pg_squeeze'],
    ...['vacuumdb', 'reindexdb', 'clusterdb', 'mysqlcheck', 'mariadb-check', 'mysql_upgrade'],
    ...['mariadb-upgrade', 'pt-online-schema-change', 'pt-archiver', 'pt-table-checksum', 'pt-table-sync'],
    ...['pt-replica-restart', 'pt-slave-restart', 'pt-slave-delay', 'pt-heartbeat', 'pt-deadlock-logger'],
    ...['pt-fk-error-logger', 'pt-index-usage', 'pt-upgrade', 'pt-kill', 'pgagent'],
  ],
  'change-data-capture': [
    ...['debezium', 'Debezium *', 'dms', 'AWS DMS', 'AWS DMS *', 'fivetran', 'airbyte', 'maxwell'],
    ...['pglogical', 'stitch', 'peerdb', 'peerdb_query_executor', 'peerdb_nexus', 'peerdb_catalog'],
    ...['clickpipes', 'flink', 'flink-cdc', 'bucardo', 'bucardo * (PID *)', 'londiste', 'londiste3'],
    ...['slon', 'slon.local_*', 'slon.node_*', 'slon.remote*', 'slonik', 'symmetricds', 'goldengate'],
    ...['oracle goldengate', 'qlik replicate', 'attunity replicate', 'striim', 'hvr', 'estuary', 'sequin'],
    ...['wal2json', 'pgstream', 'materialize', 'risingwave', 'hevo', 'matillion', 'pg_chameleon'],
    ...['realtime_connect', 'realtime_rls', 'realtime_replication_connection', 'realtime_migrations'],
    ...[
      'realtime_subscription_manager',
      'realtime_subscription_manager_pub',
      'realtime_subscription_checker',
    ],
  ],
  pooler: [
    ...['pgbouncer', 'pgcat', 'odyssey', 'pgpool', 'pgpool-II', 'pgdog', 'supavisor', 'supavisor_meta'],
    ...['Supavisor auth_query', 'Supavisor (auth_query)', 'rdsproxy', 'rds proxy', 'proxysql'],
    ...['proxysql_monitor', 'proxysql_killer', 'maxscale', 'mysqlrouter', 'vttablet', 'postgres_fdw'],
    ...['dblink', 'citus_* gpid=*'],
  ],
};
