import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { ProvidedServer } from '../../servers/global-setup.ts';

/** The administrator of a test's server. */
export interface Admin {
  execute(sql: string): Promise<void>;
  isTrue(sql: string): Promise<boolean>;
  value(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Logs in as the server's administrator. */
export async function openAdmin(server: ProvidedServer, database = 'postgres'): Promise<Admin> {
  const { host, port, adminUser: user, adminPassword: password } = server;
  const client = new Client({ host, port, user, password, database, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  const value = async (sql: string): Promise<unknown> => {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  };
  return {
    execute: async (sql) => {
      await client.query(sql);
    },
    isTrue: async (sql) => (await value(sql)) === true,
    value,
    close: () => client.end(),
  };
}

/** A name or password that no other test has. */
export function unique(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
