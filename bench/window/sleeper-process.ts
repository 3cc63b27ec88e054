import type { ServerKind } from '../../cli/servers/local-server.ts';
import { type AppConnection, type AppLogin, openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import { works } from '../chaos/work.ts';
import { until } from './until.ts';

/* The process of the sessions that are ended: apart from the one that ends them, on the same monotonic clock. */

/** Open so many sessions; or let one of them wake up at a moment of the monotonic clock, in nanoseconds. */
export type ToSleepers =
  | { readonly kind: ServerKind; readonly login: AppLogin; readonly open: number }
  | { readonly wake: number; readonly at: string; readonly receipt: number };
/** The ids of those that were opened; or whether the statement was answered. */
export type FromSleepers = { readonly ids: readonly string[] } | { readonly answered: boolean };

let apps: AppConnection[] = [];
let wake = (_session: number, _receipt: number): string => '';

process.on('disconnect', () => process.exit());
process.on('message', (message: ToSleepers) => {
  const work = 'open' in message ? open(message) : wakeUp(message);
  void work.then((answer) => process.send?.(answer));
});

async function open({
  kind,
  login,
  open: count,
}: Extract<ToSleepers, { open: number }>): Promise<FromSleepers> {
  for (const app of apps) app.close();
  const connect = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const own = kind === 'postgres' ? 'pg_backend_pid()' : 'connection_id()';
  wake = works[kind].wake;
  apps = await Promise.all(Array.from({ length: count }, () => connect(login, () => undefined)));
  const answers = await Promise.all(apps.map((app) => app.ask(`select ${own} as id`)));
  return { ids: answers.map(([row]) => String(row?.['id'])) };
}

async function wakeUp({
  wake: index,
  at,
  receipt,
}: Extract<ToSleepers, { wake: number }>): Promise<FromSleepers> {
  await until(BigInt(at));
  const asked = apps[index]?.ask(wake(0, receipt));
  return {
    answered: await (asked ?? Promise.reject(new Error('no such session'))).then(
      () => true,
      () => false,
    ),
  };
}
