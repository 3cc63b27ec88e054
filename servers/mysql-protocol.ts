import { realpathSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import * as z from 'zod';
import type { Ending } from './end-process.ts';
import type { ServerProcess } from './server-plan.ts';
import type { StartOptions } from './local-server.ts';
import { copyTlsFiles, type ServerFolder } from './server-folder.ts';

/** The administrator that both MySQL and MariaDB begin with: no password, and only from this machine. */
export const ROOT = { adminUser: 'root', adminPassword: '' } as const;

/** No shutdown, which takes MySQL a second and a half: nothing but files would be left, and those are thrown away. */
export const MYSQL_ENDING: Ending = [['SIGKILL', 10_000]];

/** The caller's settings as server options; those with TLS files get copies that the server's account can read. */
export function toServerOptions(folder: ServerFolder, { tls, settings }: StartOptions): string[] {
  const files = tls && copyTlsFiles(folder, tls);
  const all = { ...(files && { 'ssl-cert': files.certFile, 'ssl-key': files.keyFile }), ...settings };
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`);
}

/** Asks a MySQL or MariaDB server for its version; rejects if it is not the server with our data folder that answers. */
export async function askMysqlVersion(port: number, { dataFolder }: ServerProcess): Promise<string> {
  const connection = await createConnection({
    host: '127.0.0.1',
    port,
    user: ROOT.adminUser,
    connectTimeout: 2000,
  });
  connection.on('error', () => undefined);
  try {
    const [rows] = await connection.query({ sql: 'select version(), @@datadir', rowsAsArray: true });
    const [[version, folder]] = z.tuple([z.tuple([z.string(), z.string()])]).parse(rows);
    if (realpathSync(folder) !== realpathSync(dataFolder))
      throw new Error('another server answers on this port');
    return version;
  } finally {
    connection.destroy();
  }
}
