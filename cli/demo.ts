import { parseArgs } from 'node:util';
import { mysqlSettings, openMysqlEstate } from './demo/mysql-estate.ts';
import { openPostgresEstate } from './demo/postgres-estate.ts';
import { printDemo } from './demo/print-demo.ts';
import { productNames } from './demo/product-names.ts';
import { type DemoResult, runDemo } from './demo/run-demo.ts';
import type { LocalServer, StartOptions } from './servers/local-server.ts';
import { findMariadb, startMariadb } from './servers/mariadb.ts';
import { findMysql, startMysql } from './servers/mysql.ts';
import { startPostgres } from './servers/postgres.ts';
import { createScreen, type Screen } from './terminal/screen.ts';

const help = `npm run demo [-- --json]

A leaking shop on databases of its own, cleaned up by the code that runs in Lambda: first as a dry run, then enforced.
Needs no AWS and touches nothing outside a temporary folder. --json prints the reports for machines.`;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });
const screen = createScreen();
if (values.help) screen.print(help);
else await main(screen, values.json === true);

async function main(screen: Screen, asJson: boolean): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort(signal));
  try {
    const results = await demonstrate(screen, asJson, interrupt.signal);
    if (asJson)
      screen.print(JSON.stringify({ schema: 'unleak.demo/1', reports: results.flatMap(toReports) }, null, 2));
    else
      screen.print(
        '',
        'Nothing is left running. To let it look after your own database: README.md, "Deploy".',
      );
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    screen.progress('Interrupted; everything the demo started is stopped.');
    process.exitCode = interrupt.signal.reason === 'SIGINT' ? 130 : 143;
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

function toReports({ dryRun, enforced }: DemoResult) {
  return [dryRun, enforced];
}
