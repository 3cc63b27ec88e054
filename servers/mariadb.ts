import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPrograms } from './find-program.ts';
import type { LocalServer, StartOptions } from './local-server.ts';
import { launchInstalled, toDataFolder } from './mysql-server.ts';
import { runProgram } from './run-program.ts';
import { makePrivateFolder, withServerFolder, type ServerFolder } from './server-folder.ts';

/** The path of an installed MariaDB server; null if there is none. */
export function findMariadb(): string | null {
  return findPrograms('mariadbd')[0] ?? null;
}

/** Starts a private MariaDB whose root has no password; the settings become server options. */
export async function startMariadb(options: StartOptions = {}): Promise<LocalServer> {
  const command = findMariadb();
  if (command === null) throw new Error('MariaDB is not installed: no mariadbd on the PATH or in /usr/sbin');
  return withServerFolder(async (folder) => {
    await initialise(command, folder, options.signal);
    return launchInstalled({ kind: 'mariadb', command, args: [], folder }, options);
  });
}

// What mariadb-install-db does with --auth-root-authentication-method=normal, which needs programs that some distributions package elsewhere.
async function initialise(command: string, folder: ServerFolder, signal?: AbortSignal): Promise<void> {
  makePrivateFolder(folder, 'data');
  const args = [
    '--no-defaults',
    '--bootstrap',
    `--datadir=${toDataFolder(folder)}`,
    '--max-allowed-packet=8M',
  ];
  const input = [
    'create database mysql;',
    'use mysql;',
    'set @auth_root_socket = null;',
    ...readSystemTables(command),
  ];
  await runProgram({
    command,
    args,
    user: folder.user,
    folder: folder.path,
    input: input.join('\n'),
    signal,
  });
}

const SHARES = ['share/mysql', 'share/mariadb', 'share'];
// Newer packages call these mariadb_*, older ones mysql_*.
const SCRIPTS = [
  /^(mysql|mariadb)_system_tables\.sql$/,
  /^(mysql|mariadb)_performance_tables\.sql$/,
  /^(mysql|mariadb)_system_tables_data\.sql$/,
  /^maria(db)?_add_gis_sp_bootstrap\.sql$/,
  /^(mysql|mariadb)_sys_schema\.sql$/,
];

function readSystemTables(command: string): string[] {
  const installation = dirname(dirname(realpathSync(command)));
  const files = SHARES.map((share) => join(installation, share)).flatMap(listScripts);
  return SCRIPTS.map((script) => {
    const file = files.find(({ name }) => script.test(name));
    if (!file)
      throw new Error(
        `MariaDB's system tables are missing: nothing like ${script.source} in ${installation}`,
      );
    return readFileSync(file.path, 'utf8');
  });
}

function listScripts(folder: string): { name: string; path: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({ name, path: join(folder, name) }));
}
