import type { LocalServer, StartOptions } from '../../servers/local-server.ts';
import { findMariadb, startMariadb } from '../../servers/mariadb.ts';
import { findMysql, startMysql } from '../../servers/mysql.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Console } from '../terminal/console.ts';
import type { Screen } from '../terminal/screen.ts';
import { toJson } from '../terminal/to-json.ts';
import { mysqlSettings, openMysqlEstate } from './mysql-estate.ts';
import { openPostgresEstate } from './postgres-estate.ts';
import { printDemo } from './print-demo.ts';
import { productNames } from '../terminal/name-server.ts';
import { type DemoResult, runDemo } from './run-demo.ts';

/** The options of `unleak demo`. */
export interface DemoOptions {
  readonly json?: true;
}

/** Shows the line of data on a leaking shop, on PostgreSQL and on what else this machine has; whatever it started is stopped. */
export async function demo({ json }: DemoOptions, { screen, interrupted }: Console): Promise<ExitCode> {
  try {
    const results = await demonstrate(screen, json === true, interrupted);
    const reports = results.flatMap(({ dryRun, enforced }) => [dryRun, enforced]);
    if (json) screen.print(toJson({ schema: 'unleak.demo/1', reports }));
    else
      screen.print(
        '',
        'Nothing is left running. Next, look at your own server, still without ending anything:',
        '  npx unleak check --url -',
      );
    return exitCodes.fine;
  } catch (error) {
    if (interrupted.aborted) screen.progress('Interrupted; everything the demo started is stopped.');
    throw error;
  }
}

async function demonstrate(screen: Screen, asJson: boolean, signal: AbortSignal): Promise<DemoResult[]> {
  const results: DemoResult[] = [];
  for (const start of [startPostgres, startSecond]) {
    screen.progress('Starting a database server of its own ...');
    const server = await start({ signal });
    if (!server) {
      screen.progress(
        'No MariaDB or MySQL server is on this machine (mariadbd, mysqld), so the demo shows PostgreSQL only.',
      );
      continue;
    }
    try {
      screen.progress(`${productNames[server.kind]} ${server.version} is ready.`);
      const open = server.kind === 'postgres' ? openPostgresEstate : openMysqlEstate;
      const result = await runDemo(server, open, (line) => screen.progress(line), signal);
      if (!asJson) printDemo(screen, result);
      results.push(result);
    } finally {
      await server.stop();
    }
  }
  return results;
}

async function startSecond(options: StartOptions): Promise<LocalServer | null> {
  const settings = mysqlSettings;
  if (findMysql()) return startMysql({ ...options, settings });
  return findMariadb() ? startMariadb({ ...options, settings }) : null;
}
