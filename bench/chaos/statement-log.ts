import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LocalServer, ServerKind } from '../../servers/local-server.ts';
import type { CrossedEnd } from './judge.ts';

/* A second witness: the server's own log of the statements that it has read, written before it does any of them. Writing it
 * slows down every statement, those between look and signal as well, so it is asked for (`--log`). */

const logFile = 'statements.log';

/** What makes a server write that log; none on MariaDB, whose log tells neither when a KILL within a block came nor the microsecond. */
export const logSettings: Readonly<Record<ServerKind, Readonly<Record<string, string>>>> = {
  postgres: {
    ...{ log_statement: 'all', log_min_messages: 'log', logging_collector: 'on' },
    ...{ log_directory: '.', log_filename: logFile, log_rotation_age: '0', log_rotation_size: '0' },
  },
  mysql: { general_log: '1', log_output: 'FILE', general_log_file: logFile },
  mariadb: {},
};

/** Those of the crossed statements that the server had read before it ended their session. */
export async function readsIn(
  server: LocalServer,
  crossed: readonly CrossedEnd[],
): Promise<ReadonlySet<string>> {
  const asked = new Set(crossed.map(({ sql }) => sql));
  const lines = createInterface({ input: createReadStream(join(server.dataFolder, logFile)) });
  return server.kind === 'postgres' ? loggedIn(lines, asked) : loggedBeforeKill(lines, asked);
}

/** PostgreSQL ends a session instead of doing what it has read, if the signal came before: then it is not logged either. */
async function loggedIn(lines: AsyncIterable<string>, asked: ReadonlySet<string>): Promise<Set<string>> {
  const read = new Set<string>();
  for await (const line of lines) {
    const sql = /select setval\('receipt_.*/.exec(line)?.[0];
    if (sql !== undefined && asked.has(sql)) read.add(sql);
  }
  return read;
}

/** MySQL still reads and logs what reached it before the KILL cut the wire, so the order of the two lines tells. */
async function loggedBeforeKill(
  lines: AsyncIterable<string>,
  asked: ReadonlySet<string>,
): Promise<Set<string>> {
  const read = new Set<string>();
  const waking = new Map<string, string>();
  const targets = new Map<string, string>();
  let writer = '';
  for await (const line of lines) {
    const [, id, text = line] = /^\S+Z\t +(\d+) Query\t(.*)/.exec(line) ?? [];
    writer = id ?? writer;
    const target = /t\.processlist_id = (\d+) AND|^KILL (\d+)$/.exec(text);
    if (target) targets.set(writer, target[1] ?? target[2] ?? '');
    if (asked.has(text)) waking.set(writer, text);
    const woken = text.startsWith('KILL ') && waking.get(targets.get(writer) ?? '');
    if (woken) read.add(woken);
  }
  return read;
}
