import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import type { ProvidedServer } from '../servers/global-setup.ts';

/** A session of an application that keeps its own log of when it woke up. */
export interface AppSession {
  readonly id: string;
  readonly wakes: number[];
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a session that has run one statement. */
export async function openAppSession(
  { kind, host, port }: ProvidedServer,
  user: string,
  password: string,
  application: string,
): Promise<AppSession> {
  const wakes: number[] = [];
  if (kind === 'postgres') {
    const client = new Client({
      host,
      port,
      user,
      password,
      database: 'postgres',
      ssl: false,
      application_name: application,
    });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ id: string }>('select pg_backend_pid()::text as id');
    return {
      id: rows[0]?.id ?? '',
      wakes,
      wake: async () => {
        await client.query('select 2');
        wakes.push(Date.now());
      },
      close: () => client.end(),
    };
  }
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    connectAttributes: { program_name: application },
  });
  connection.on('error', () => undefined);
  const [rows] = await connection.query('SELECT CONNECTION_ID() AS id');
  return {
    id: String((rows as { readonly id: number }[])[0]?.id),
    wakes,
    wake: async () => {
      await connection.query('SELECT 2');
      wakes.push(Date.now());
    },
    close: () => connection.end(),
  };
}
