import { join } from 'node:path';
import type { LocalServer, ServerKind, StartOptions } from './local-server.ts';
import { launchServer } from './launch-server.ts';
import { askMysqlVersion, MYSQL_ENDING, ROOT, toServerOptions } from './mysql-protocol.ts';
import { spawnServer } from './spawn-server.ts';
import type { ServerFolder } from './server-folder.ts';

/** An installed server program with its data folder already initialised. */
export interface InitialisedServer {
  readonly kind: ServerKind;
  readonly command: string;
  /** Options of this product on top of those that both understand. */
  readonly args: readonly string[];
  readonly folder: ServerFolder;
}

/** The folder for the data of an installed MySQL or MariaDB. */
export function toDataFolder(folder: ServerFolder): string {
  return join(folder.path, 'data');
}

// --no-defaults is understood only in the first place: the machine's option files are not for us. The socket's path is relative
// to the data folder, since the system allows only about 100 characters.
const COMMON = [
  '--no-defaults',
  '--bind-address=127.0.0.1',
  '--socket=s.sock',
  '--pid-file=server.pid',
  '--skip-log-bin',
  '--innodb-doublewrite=OFF',
  '--innodb-flush-log-at-trx-commit=0',
];

/** Spawns an installed MySQL or MariaDB on a data folder that was initialised, and resolves once it answers. */
export async function launchInstalled(
  server: InitialisedServer,
  options: StartOptions,
): Promise<LocalServer> {
  const { kind, command, folder } = server;
  const logFile = join(folder.path, 'server.log');
  const dataFolder = toDataFolder(folder);
  const fixed = [...COMMON, `--datadir=${dataFolder}`, ...server.args, ...toServerOptions(folder, options)];
  const spawn = async (port: number) => {
    const program = { command, args: [...fixed, `--port=${port}`], user: folder.user, folder: folder.path };
    return { pid: await spawnServer(program, logFile, 'SIGKILL'), logFile, dataFolder };
  };
  const ending = { ending: MYSQL_ENDING, folder: folder.path };
  return launchServer({ kind, ...ROOT, ...ending, spawn, askVersion: askMysqlVersion }, options.signal);
}
