import type { ServerKind } from '../../servers/local-server.ts';
import { type AppConnection, type AppLogin, openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import { works } from '../chaos/work.ts';
import { until } from './until.ts';

/* The process of the sessions that are ended: apart from the one that ends them, on the same monotonic clock. */

/** Close what is open and open so many sessions. */
export interface OpenOrder {
  readonly kind: ServerKind;
  readonly login: AppLogin;
  readonly open: number;
}

/** Let one of them run a statement at a moment of the monotonic clock, in nanoseconds. */
export interface WakeOrder {
  readonly kind: ServerKind;
  readonly wake: number;
  readonly at: string;
  readonly receipt: number;
}

/** The ids of those that were opened, and whether the statement was answered. */
export interface FromSleepers {
  readonly ids: readonly string[];
  readonly isAnswered: boolean;
}

let apps: AppConnection[] = [];

process.on('disconnect', () => process.exit());
process.on('message', (order: OpenOrder | WakeOrder) => {
  void ('open' in order ? open(order) : wakeUp(order)).then((answer) => process.send?.(answer));
});

async function open({ kind, login, open: count }: OpenOrder): Promise<FromSleepers> {
  for (const app of apps) app.close();
  const connect = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const own = kind === 'postgres' ? 'pg_backend_pid()' : 'connection_id()';
  apps = await Promise.all(Array.from({ length: count }, () => connect(login, () => undefined)));
  const answers = await Promise.all(apps.map((app) => app.ask(`select ${own} as id`)));
  return { ids: answers.map(([row]) => String(row?.['id'])), isAnswered: true };
}

async function wakeUp({ kind, wake, at, receipt }: WakeOrder): Promise<FromSleepers> {
  await until(BigInt(at));
  const isAnswered = await apps[wake]?.ask(works[kind].wake(0, receipt)).then(
    () => true,
    () => false,
  );
  return { ids: [], isAnswered: isAnswered === true };
}
