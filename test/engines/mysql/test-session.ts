import { createConnection } from 'mysql2/promise';
import { until } from '../contract/sessions.ts';
import type { TestSession } from '../contract-suite.ts';
import type { Admin } from './admin.ts';
import { type Address, limits } from './lab.ts';

interface Account {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A session of an application, driven through mysql2 and watched through the administrator's eyes. */
export async function openTestSession(
  admin: Admin,
  { host, port }: Address,
  account: Account,
): Promise<TestSession> {
  const application = 'shop web';
  const connection = await createConnection({
    host,
    port,
    ...account,
    connectTimeout: limits.connectMs,
    connectAttributes: { program_name: application },
  });
  connection.on('error', () => undefined);
  const id = String(connection.threadId);
  const shows = (condition: string) => {
    const sql = `SELECT COUNT(*) FROM information_schema.processlist WHERE id = ${id} AND ${condition}`;
    return until(async () => Number(await admin.value(sql)) === 1, condition);
  };
  const query = async (sql: string) => {
    await connection.query(sql);
    await shows(`command = 'Sleep'`);
  };
  const start = async (sql: string, condition: string) => {
    const ended = connection.query(sql).then(() => undefined);
    ended.catch(() => undefined);
    await shows(condition);
    return { ended };
  };
  const waits = `state = 'Waiting for table metadata lock'`;
  let closing: Promise<void> | undefined;
  const close = async () => {
    await admin.execute(`KILL ${id}`).catch(() => undefined); // one that runs a statement would not notice that we leave
    const sql = `SELECT COUNT(*) FROM information_schema.processlist WHERE id = ${id}`;
    await until(async () => Number(await admin.value(sql)) === 0, 'it left');
    connection.destroy();
  };
  return {
    ...{ id, application, user: account.user, database: account.database },
    work: () => query('SELECT 1'),
    begin: async () => {
      await connection.query('BEGIN');
      await query('SELECT * FROM stock FOR UPDATE');
    },
    commit: () => query('COMMIT'),
    run: () => start('SELECT * FROM stock WHERE SLEEP(60) = 0', `info LIKE '%SLEEP%'`),
    queueForRow: () =>
      start('SELECT * FROM stock FOR UPDATE', `command = 'Query' AND info LIKE '%FOR UPDATE%'`),
    queueForTable: () => start('ALTER TABLE stock ADD COLUMN note INT', waits),
    queueBehindTable: () => start('SELECT * FROM stock', waits),
    queueForUserLock: (of) => start(`SELECT GET_LOCK('${of}', 60)`, `state = 'User lock'`),
    detach: async () => {
      const name = `'${account.user}','a',7`;
      await connection.query(`XA START ${name}`);
      await connection.query('SELECT * FROM stock FOR UPDATE');
      await connection.query('INSERT INTO stock VALUES (2)');
      await connection.query(`XA END ${name}`);
      await connection.query(`XA PREPARE ${name}`);
      await close();
      return { name, end: () => admin.execute(`XA ROLLBACK ${name}`) };
    },
    takeUserLock: () => query(`SELECT GET_LOCK('${id}', 10)`),
    answers: () =>
      connection.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    close: () => (closing ??= close()),
  };
}
