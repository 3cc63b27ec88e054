import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartOptions } from './local-server.ts';
import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import { copyTlsFiles, writePrivateFile, type ServerFolder } from './server-folder.ts';

/** The superuser of every private cluster. */
export const POSTGRES_ADMIN = 'postgres';

// Nothing here has to survive a power cut; the empty socket folder keeps the server on TCP.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Makes a cluster whose superuser has the given password, with the settings in its postgresql.conf, and returns its data folder. */
export async function makeCluster(
  initdb: string,
  folder: ServerFolder,
  password: string,
  options: StartOptions,
): Promise<string> {
  const dataFolder = join(folder.path, 'data');
  const passwordFile = writePrivateFile(folder, 'password', password);
  const access = [`--username=${POSTGRES_ADMIN}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const args = [`--pgdata=${dataFolder}`, ...access, '--encoding=UTF8', '--no-locale', '--no-sync'];
  // Alone: its helper ends in good order once nobody writes to it, and only then releases its shared memory.
  const { signal } = options;
  await runProgram({ ...toPostgresProgram(initdb, args, folder), signal, killed: 'alone' });
  await rm(passwordFile);
  appendFileSync(join(dataFolder, 'postgresql.conf'), toConfiguration(folder, options));
  return dataFolder;
}

/** A program of PostgreSQL, kept from the caller's PGPORT, PGDATA and the like. */
export function toPostgresProgram(command: string, args: readonly string[], folder: ServerFolder): Program {
  const foreign = /^(PG|LC_)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return { command, args, user: folder.user, folder: folder.path, env: { ...env, LC_ALL: 'C' } };
}

function toConfiguration(folder: ServerFolder, { tls, settings }: StartOptions): string {
  const files = tls && copyTlsFiles(folder, tls);
  const ssl = files && { ssl: 'on', ssl_cert_file: files.certFile, ssl_key_file: files.keyFile };
  const all = Object.entries({ ...SETTINGS, ...ssl, ...settings });
  return all.map(([name, value]) => `${name} = ${quote(value)}\n`).join('');
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
