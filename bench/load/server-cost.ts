import type { ServerKind } from '../../servers/local-server.ts';
import type { ControlConnection } from '../../functions/engines/engine.ts';
import { openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import type { ChaosEstate } from '../chaos/estate.ts';

/** What the server itself counted for one look. */
export interface ServerCost {
  readonly statements: number;
  readonly ms: number;
  /** PostgreSQL: rows answered; MySQL and MariaDB: rows examined. */
  readonly rows: number;
}

const countedByEvents = `SELECT SUM(count_star) AS n, SUM(sum_timer_wait) / 1e9 AS ms, SUM(sum_rows_examined) AS \`rows\`
    FROM performance_schema.events_statements_summary_by_user_by_event_name
    WHERE user = 'unleak' AND event_name LIKE 'statement/sql/%'`;

const counted: Readonly<Record<ServerKind, string>> = {
  postgres: `select count(*) as n, sum(total_exec_time + total_plan_time) as ms, sum(s.rows) as rows from pg_stat_statements s
    join pg_roles r on r.oid = s.userid where r.rolname = 'unleak'`,
  mysql: countedByEvents,
  mariadb: countedByEvents,
};

/** Options of a server that counts. */
export const countingSettings: Readonly<Record<ServerKind, Record<string, string>>> = {
  postgres: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on' },
  mysql: {},
  // Another spelling of the name that the estate gives, since both are needed.
  mariadb: { performance_schema_instrument: 'statement/%=ON' },
};

/** Looks once between two readings of the server's own counters. */
export async function measureServerCost(
  kind: ServerKind,
  estate: ChaosEstate,
  control: ControlConnection,
): Promise<ServerCost> {
  const sql = counted[kind];
  const admin = await (kind === 'postgres' ? openPostgresApp : openMysqlApp)(
    { ...estate.admin, ...(kind !== 'postgres' && { database: 'mysql' }) },
    () => undefined,
  );
  if (kind === 'postgres') await admin.ask('create extension if not exists pg_stat_statements');
  const read = async () => {
    const [row] = await admin.ask(sql);
    return { n: Number(row?.['n'] ?? 0), ms: Number(row?.['ms'] ?? 0), rows: Number(row?.['rows'] ?? 0) };
  };
  // PostgreSQL counts a kind of statement once, however often it ran, so everything is forgotten first.
  if (kind === 'postgres') await admin.ask('select pg_stat_statements_reset()');
  const before = await read();
  await control.snapshot();
  const after = await read();
  admin.close();
  return { statements: after.n - before.n, ms: after.ms - before.ms, rows: after.rows - before.rows };
}
