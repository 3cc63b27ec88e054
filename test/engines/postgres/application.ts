import { Client, type ClientConfig } from 'pg';
import type { TestSession } from '../contract-suite.ts';
import { until } from '../contract/sessions.ts';
import type { Admin } from './admin.ts';

/** A session that also runs any statement; resolves once the server shows it idle again. */
export interface PostgresSession extends TestSession {
  query(sql: string): Promise<void>;
}

/** A session of an application, driven through node-postgres and watched through the administrator's eyes. */
export async function openApplication(
  admin: Admin,
  config: ClientConfig & { readonly user: string; readonly database: string },
): Promise<PostgresSession> {
  const application = config.application_name ?? 'shop web';
  const client = new Client({ ...config, application_name: application });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const id = String(rows[0]?.pid);
  const shows = (condition: string) =>
    until(() => admin.isTrue(`select ${condition} from pg_stat_activity where pid = ${id}`), condition);
  const query = async (sql: string) => {
    await client.query(sql);
    await shows(`state like 'idle%'`);
  };
  const start = async (sql: string, condition: string) => {
    const ended = client.query(sql).then(() => undefined);
    ended.catch(() => undefined);
    await shows(condition);
    return { ended };
  };
  const close = async () => {
    await client.end();
    // A server that runs a statement does not notice that its client has left.
    await admin.execute(`select pg_terminate_backend(${id})`);
    await until(
      () => admin.isTrue(`select not exists (select from pg_stat_activity where pid = ${id})`),
      'it left',
    );
  };
  let closing: Promise<void> | undefined;
  return {
    ...{ id, user: config.user, database: config.database, application, query },
    work: () => query('select 1'),
    begin: async () => {
      await client.query('begin');
      await query('update stock set amount = amount');
    },
    commit: () => query('commit'),
    run: () => start('select pg_sleep(60)', `state = 'active' and query like '%sleep%'`),
    queueForRow: () => start('update stock set amount = amount', `wait_event_type = 'Lock'`),
    queueForTable: () => start('begin; lock table stock', `wait_event_type = 'Lock'`),
    queueBehindTable: () => start('select * from stock', `wait_event_type = 'Lock'`),
    queueForUserLock: (of) => start(`select pg_advisory_lock(42, ${of})`, `wait_event_type = 'Lock'`),
    detach: async () => {
      await client.query('begin');
      await client.query('update stock set amount = amount');
      await query(`prepare transaction '${config.user}'`);
      return { name: config.user, end: () => query(`rollback prepared '${config.user}'`) };
    },
    takeUserLock: () => query(`select pg_advisory_lock(42, ${id})`),
    answers: async () => {
      try {
        await client.query('select 1');
        return true;
      } catch {
        return false;
      }
    },
    close: () => (closing ??= close()),
  };
}
