import { createConnection } from 'mysql2';
import pg from 'pg';

/** Where and as whom an application logs in. */
export interface AppLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** One session of an application; `onEnd` is called once, the moment that the driver knows of its end. */
export interface AppConnection {
  ask(sql: string): Promise<readonly Record<string, unknown>[]>;
  close(): void;
}

/** Logs in to the engine. */
export type OpenApp = (login: AppLogin, onEnd: () => void) => Promise<AppConnection>;

/** A session through node-postgres. */
export const openPostgresApp: OpenApp = async (login, onEnd) => {
  const client = new pg.Client({ ...login, ssl: false, application_name: 'chaos' });
  const end = once(onEnd);
  client.on('error', end);
  client.on('end', end);
  await client.connect();
  return {
    ask: async (sql) => {
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } catch (error) {
        end();
        throw error;
      }
    },
    close: () => void client.end().catch(() => undefined),
  };
};

/** A session through mysql2. */
export const openMysqlApp: OpenApp = (login, onEnd) =>
  new Promise((resolve, reject) => {
    const connection = createConnection({
      ...{ ...login, multipleStatements: true },
      connectAttributes: { program_name: 'chaos' },
    });
    const end = once(onEnd);
    connection.on('error', end);
    connection.on('end', end);
    const ask: AppConnection['ask'] = (sql) =>
      new Promise((answer, fail) => {
        connection.query(sql, (error, rows) => {
          if (error) {
            end();
            fail(error);
          } else answer(Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []);
        });
      });
    connection.connect((error) => {
      if (error) reject(error);
      else resolve({ ask, close: () => connection.destroy() });
    });
  });

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
