import type { ServerKind } from '../../servers/local-server.ts';
import type { ControlConnection } from '../../functions/engines/engine.ts';
import { openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import type { ChaosEstate } from '../chaos/estate.ts';

/** What was seen of our connection while it looked again and again beside DDL that takes the strongest locks there are. */
export interface Locks {
  /** Every kind of lock that it held or asked for. */
  readonly held: readonly string[];
  /** How often anybody was seen waiting for it, in how many samples. */
  readonly blockedByUs: number;
  readonly samples: number;
}

const samples = 200;

interface Questions {
  readonly held: string;
  readonly blocked: string;
  readonly ddl: readonly string[];
}

const byMetadataLocks: Questions = {
  held: `SELECT DISTINCT CONCAT(l.object_type, ' ', l.lock_type, ' ', COALESCE(l.object_schema, '')) AS mode
    FROM performance_schema.metadata_locks l JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
    WHERE t.processlist_user = 'unleak'`,
  blocked: `SELECT COUNT(*) AS n FROM performance_schema.metadata_locks l
    JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
    JOIN performance_schema.metadata_locks w ON w.object_schema <=> l.object_schema AND w.object_name <=> l.object_name
      AND w.object_type = l.object_type AND w.lock_status = 'PENDING'
    WHERE t.processlist_user = 'unleak' AND l.lock_status = 'GRANTED'`,
  ddl: ['ALTER TABLE shop.stock ADD COLUMN x int', 'ALTER TABLE shop.stock DROP COLUMN x'],
};

const questions: Readonly<Record<ServerKind, Questions>> = {
  postgres: {
    held: `select distinct l.locktype || ' ' || l.mode as mode from pg_locks l join pg_stat_activity a using (pid)
      where a.usename = 'unleak' and l.locktype <> 'virtualxid'`,
    blocked: `select count(*) as n from pg_stat_activity u, pg_stat_activity w
      where u.usename = 'unleak' and w.wait_event_type = 'Lock' and u.pid = any (pg_blocking_pids(w.pid))`,
    ddl: [
      'begin',
      'lock table stock in access exclusive mode',
      'alter table stock add column x int',
      'rollback',
    ],
  },
  mysql: byMetadataLocks,
  mariadb: byMetadataLocks,
};

/** Looks in a loop while one session samples our locks and another changes tables. */
export async function watchLocks(
  kind: ServerKind,
  estate: ChaosEstate,
  control: ControlConnection,
): Promise<Locks> {
  const question = questions[kind];
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const admin = { ...estate.admin, ...(kind !== 'postgres' && { database: 'mysql' }) };
  const [watcher, ddl] = [await open(admin, () => undefined), await open(admin, () => undefined)];
  const modes = new Set<string>();
  let [isOver, blockedByUs] = [false, 0];
  const looking = (async () => {
    while (!isOver) await control.snapshot();
  })();
  const building = (async () => {
    while (!isOver) for (const sql of question.ddl) await ddl.ask(sql);
  })();
  for (let sample = 0; sample < samples; sample += 1) {
    for (const row of await watcher.ask(question.held)) modes.add(String(row['mode']));
    blockedByUs += Number((await watcher.ask(question.blocked))[0]?.['n']);
  }
  isOver = true;
  await Promise.all([looking, building]);
  watcher.close();
  ddl.close();
  return { held: [...modes].sort(), blockedByUs, samples };
}
