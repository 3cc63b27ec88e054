import type { ServerKind } from '../../servers/local-server.ts';
import { type AppConnection, type AppLogin, openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';

/* The process of the sessions that are ended: apart from the one that ends them, on the same monotonic clock. */

/** Open so many sessions, let each run one statement, and say when the last of them has seen its end. */
export interface CrowdOrder {
  readonly kind: ServerKind;
  readonly login: AppLogin;
  readonly sessions: number;
}

/** All are open and idle; or all are gone, at this moment of the monotonic clock, in nanoseconds. */
export type FromCrowd = { readonly open: true } | { readonly closedAt: string } | { readonly error: string };

/** Sessions that are opened at once. */
const together = 40;

process.on('disconnect', () => process.exit());
process.on('message', (order: CrowdOrder) => {
  void openAll(order).then(
    () => process.send?.({ open: true } satisfies FromCrowd),
    (error: unknown) => process.send?.({ error: String(error) } satisfies FromCrowd),
  );
});

async function openAll({ kind, login, sessions }: CrowdOrder): Promise<void> {
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  let left = sessions;
  const onEnd = () => {
    left -= 1;
    if (left === 0) process.send?.({ closedAt: String(process.hrtime.bigint()) } satisfies FromCrowd);
  };
  const opened: AppConnection[] = [];
  while (opened.length < sessions) {
    const count = Math.min(together, sessions - opened.length);
    const more = await Promise.all(Array.from({ length: count }, () => open(login, onEnd)));
    for (const app of more) await app.ask('select 1');
    opened.push(...more);
  }
}
