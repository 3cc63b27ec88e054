import { createConnection } from 'mysql2/promise';
import type { Address } from './lab.ts';

/** The administrator of a test's server. */
export interface Admin {
  execute(sql: string): Promise<void>;
  value(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Logs in as the server's administrator. */
export async function openAdmin({ host, port, adminUser, adminPassword }: Address): Promise<Admin> {
  const options = { host, port, user: adminUser, password: adminPassword, connectTimeout: 20_000 };
  const connection = await createConnection({ ...options, multipleStatements: true, rowsAsArray: true });
  connection.on('error', () => undefined);
  return {
    execute: async (sql) => {
      await connection.query(sql);
    },
    value: async (sql) => {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) && Array.isArray(rows[0]) ? rows[0][0] : undefined;
    },
    close: () => connection.end(),
  };
}
