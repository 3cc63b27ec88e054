import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import * as z from 'zod';
import type { Ending } from './end-process.ts';
import { launchServer } from './launch-server.ts';
import type { LocalServer, StartOptions } from './local-server.ts';
import { makeCluster, POSTGRES_ADMIN, toPostgresProgram } from './postgres-cluster.ts';
import { preparePostgresPrograms, type PostgresMajor } from './postgres-programs.ts';
import { withServerFolder } from './server-folder.ts';
import { spawnServer } from './spawn-server.ts';

export { isPostgresAvailable, type PostgresMajor } from './postgres-programs.ts';

/** PostgreSQL can be had in several majors; 18 unless told. */
export interface PostgresOptions extends StartOptions {
  readonly major?: PostgresMajor;
}

// Fast, then immediate shutdown: both release the shared memory, which SIGKILL leaves behind.
const ENDING: Ending = [
  ['SIGINT', 5000],
  ['SIGQUIT', 5000],
  ['SIGKILL', 5000],
];

/** Starts a private PostgreSQL with a random admin password; the settings go to postgresql.conf, so ALTER SYSTEM may change them. */
export async function startPostgres(options: PostgresOptions = {}): Promise<LocalServer> {
  return withServerFolder(async (folder) => {
    const { initdb, postgres } = preparePostgresPrograms(options.major ?? 18, folder);
    const adminPassword = randomBytes(18).toString('base64url');
    const dataFolder = await makeCluster(initdb, folder, adminPassword, options);
    const logFile = join(folder.path, 'server.log');
    const spawn = async (port: number) => {
      const program = toPostgresProgram(postgres, ['-D', dataFolder, '-p', String(port)], folder);
      return { pid: await spawnServer(program, logFile, 'SIGQUIT'), logFile, dataFolder };
    };
    const askVersion = (port: number) => askPostgresVersion(port, adminPassword);
    const identity = { kind: 'postgres', adminUser: POSTGRES_ADMIN, adminPassword } as const;
    return launchServer(
      { ...identity, folder: folder.path, ending: ENDING, spawn, askVersion },
      options.signal,
    );
  });
}

// The random password proves that it is our server that answers on this port.
async function askPostgresVersion(port: number, password: string): Promise<string> {
  const address = { host: '127.0.0.1', port, database: 'postgres', ssl: false };
  const client = new pg.Client({
    ...address,
    user: POSTGRES_ADMIN,
    password,
    connectionTimeoutMillis: 2000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<unknown[]>({ text: 'show server_version', rowMode: 'array' });
    return z.tuple([z.tuple([z.string()])]).parse(rows)[0][0];
  } finally {
    await client.end();
  }
}
