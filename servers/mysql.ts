import { execFileSync } from 'node:child_process';
import { findPrograms } from './find-program.ts';
import type { LocalServer, StartOptions } from './local-server.ts';
import { launchInstalled, toDataFolder } from './mysql-server.ts';
import { launchWithTool } from './mysql-tool.ts';
import { runProgram } from './run-program.ts';
import { withServerFolder, type ServerFolder } from './server-folder.ts';

/** Where MySQL comes from: an installed server program, or a tool that provides a private server when called with a port. */
export interface MysqlSource {
  readonly from: 'installed' | 'tool';
  readonly path: string;
}

/** The source of MySQL servers here: the tool that UNLEAK_MYSQL_SERVER_TOOL names, an installed mysqld, or null. */
export function findMysql(): MysqlSource | null {
  const named = process.env['UNLEAK_MYSQL_SERVER_TOOL'];
  if (named) return { from: 'tool', path: named };
  const installed = findPrograms('mysqld').find(isMysql);
  return installed === undefined ? null : { from: 'installed', path: installed };
}

/** Starts a private MySQL whose root has no password; the settings become server options. */
export async function startMysql(options: StartOptions = {}): Promise<LocalServer> {
  const source = findMysql();
  if (source === null) throw new Error('MySQL is not installed: no mysqld on the PATH or in /usr/sbin');
  return withServerFolder((folder) => {
    if (source.from === 'tool') return launchWithTool(source.path, folder, options);
    return startInstalled(source.path, folder, options);
  });
}

async function startInstalled(
  command: string,
  folder: ServerFolder,
  options: StartOptions,
): Promise<LocalServer> {
  const own = ['--mysqlx=OFF', '--secure-file-priv=NULL'];
  const args = ['--no-defaults', '--initialize-insecure', `--datadir=${toDataFolder(folder)}`, ...own];
  await runProgram({ command, args, user: folder.user, folder: folder.path, signal: options.signal });
  return launchInstalled({ kind: 'mysql', command, args: own, folder }, options);
}

// MariaDB's packages install a mysqld too.
function isMysql(path: string): boolean {
  try {
    return !execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('MariaDB');
  } catch {
    return false;
  }
}
