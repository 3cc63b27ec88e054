import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { endProcess } from '../../../servers/end-process.ts';
import { findFreePort } from '../../../servers/free-port.ts';
import { createServerFolder, removeFolder, writePrivateFile } from '../../../servers/server-folder.ts';
import { spawnServer } from '../../../servers/spawn-server.ts';
import { findDebianTool } from '../../servers/debian-tools.ts';
import type { ProvidedServer } from '../../servers/global-setup.ts';
import { until } from '../contract/sessions.ts';

const tool = findDebianTool('pgbouncer');

/** Whether this machine has PgBouncer. */
export const hasPgbouncer = tool !== null;

/** Says so where a test does without it. */
export const howToGetPgbouncer =
  'PgBouncer is not here: apt-get install pgbouncer, or unpack it into UNLEAK_TEST_TOOLS';

/** Starts PgBouncer in front of the server until the test ends, for these users and passwords; resolves to its port. */
export async function startPgbouncer(
  server: ProvidedServer,
  users: readonly { readonly user: string; readonly password: string }[],
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  if (tool === null) throw new Error(howToGetPgbouncer);
  const folder = createServerFolder();
  const port = await findFreePort();
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    ...settings,
  };
  const list = users.map(({ user, password }) => `"${user}" "${password}"\n`).join('');
  const auth_file = writePrivateFile(folder, 'users.txt', list);
  const lines = Object.entries({ ...all, auth_file }).map(([name, value]) => `${name} = ${value}`);
  const text = ['[databases]', `postgres = host=${server.host} port=${server.port}`, '[pgbouncer]', ...lines];
  const file = writePrivateFile(folder, 'pgbouncer.ini', text.join('\n'));
  const program = {
    command: tool.command,
    args: [file],
    user: folder.user,
    folder: folder.path,
    env: tool.env,
  };
  const pid = await spawnServer(program, `${folder.path}/log`, 'SIGKILL');
  onTestFinished(async () => {
    await endProcess(pid, [
      ['SIGTERM', 1_000],
      ['SIGKILL', 1_000],
    ]);
    await removeFolder(folder.path);
  });
  await until(() => isListening(port), 'PgBouncer listens');
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
