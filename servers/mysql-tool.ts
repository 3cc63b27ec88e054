import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endAtExit, removeAtExit } from './at-exit.ts';
import { launchServer } from './launch-server.ts';
import type { ServerProcess } from './server-plan.ts';
import type { LocalServer, StartOptions } from './local-server.ts';
import { askMysqlVersion, MYSQL_ENDING, ROOT, toServerOptions } from './mysql-protocol.ts';
import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import { removeFolder, type ServerFolder } from './server-folder.ts';

const SHARED_ROOT = '/tmp/lab-mysql';

interface Call {
  readonly tool: string;
  readonly root: string;
  readonly folder: ServerFolder;
  readonly serverOptions: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts MySQL with a tool that is called with a port, keeps its files in LAB_MYSQL_ROOT/data-PORT, takes server options from
 * MYSQLD_ARGS, and prints the server's process id; the programs that it keeps in LAB_MYSQL_ROOT stay for the next time.
 */
export async function launchWithTool(
  tool: string,
  folder: ServerFolder,
  options: StartOptions,
): Promise<LocalServer> {
  const serverOptions = toServerOptions(folder, options);
  const call: Call = { tool, root: findRoot(), folder, serverOptions, signal: options.signal };
  return launchServer(
    {
      kind: 'mysql',
      ...ROOT,
      folder: folder.path,
      ending: MYSQL_ENDING,
      spawn: (port) => callTool(call, port),
      askVersion: askMysqlVersion,
    },
    options.signal,
  );
}

async function callTool(call: Call, port: number): Promise<ServerProcess> {
  const ownFolder = join(call.root, `data-${port}`);
  if (existsSync(ownFolder))
    throw new Error(`address already in use: another server keeps its data in ${ownFolder}`);
  removeAtExit(ownFolder);
  try {
    const pid = parsePid(await runProgram(toProgram(call, port)));
    endAtExit(pid, 'SIGKILL');
    return { pid, logFile: join(ownFolder, 'err.log'), dataFolder: join(ownFolder, 'data'), ownFolder };
  } catch (error) {
    await removeFolder(ownFolder);
    throw error;
  }
}

function toProgram({ tool, root, folder, serverOptions, signal }: Call, port: number): Program {
  const broken = serverOptions.find((option) => /[\s*?[]/.test(option));
  if (broken !== undefined)
    throw new Error(`the MySQL tool cannot be given the option ${broken}: a shell would split or expand it`);
  const account = folder.user && { LAB_MYSQL_USER: folder.user.name };
  const env = { ...process.env, ...account, LAB_MYSQL_ROOT: root, MYSQLD_ARGS: serverOptions.join(' ') };
  return { ...toCommand(tool, root, port), user: null, folder: folder.path, env, signal };
}

// The first call provisions the programs. Two at once would be in each other's way, so flock makes the second one wait.
function toCommand(tool: string, root: string, port: number): Pick<Program, 'command' | 'args'> {
  if (existsSync(join(root, '.provisioned'))) return { command: tool, args: [String(port)] };
  return { command: 'flock', args: ['--close', join(root, '.lock'), tool, String(port)] };
}

function findRoot(): string {
  const root = process.env['LAB_MYSQL_ROOT'] ?? SHARED_ROOT;
  try {
    mkdirSync(root, { recursive: true });
    accessSync(root, constants.W_OK);
    return root;
  } catch {
    return makeOwnRoot(root);
  }
}

// Somebody else made the shared one.
function makeOwnRoot(shared: string): string {
  const root = `${shared}-${process.getuid?.() ?? 0}`;
  mkdirSync(root, { recursive: true });
  return root;
}

function parsePid(output: string): number {
  const pid = Number(output.trim().split('\n').at(-1));
  if (!Number.isInteger(pid) || pid <= 0) throw new Error('the MySQL tool printed no process id');
  return pid;
}
