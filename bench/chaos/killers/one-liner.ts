import { setTimeout as wait } from 'node:timers/promises';
import { openMysqlApp, openPostgresApp } from '../app-connection.ts';
import type { Killer } from './killer.ts';

/** As often as a sweep comes by when it has nothing to wait for, so that all meet the same sessions. */
const pauseMs = 100;

/** The statement that everybody knows, guarded by state and age. */
export const postgresOneLiner: Killer = async ({ login, thresholdMs, signal, begin }) => {
  const app = await openPostgresApp(login, () => undefined);
  const claim = { rounds: 0, ended: 0, spared: null };
  begin();
  while (!signal.aborted) {
    const rows = await app.ask(`
      select pg_terminate_backend(pid) as ended from pg_stat_activity
      where usename = 'shop' and state = 'idle' and pid <> pg_backend_pid()
        and state_change < now() - interval '${thresholdMs} ms'`);
    claim.rounds += 1;
    claim.ended += rows.filter((row) => row['ended'] === true).length;
    await wait(pauseMs);
  }
  app.close();
  return claim;
};

/** The script that everybody knows: ask for those that sleep too long, then KILL one after the other. */
export const mysqlScript: Killer = async ({ login, thresholdMs, signal, begin }) => {
  const app = await openMysqlApp(login, () => undefined);
  const claim = { rounds: 0, ended: 0, spared: null };
  begin();
  while (!signal.aborted) {
    const rows = await app.ask(`
      SELECT id FROM information_schema.processlist
      WHERE user = 'shop' AND command = 'Sleep' AND time >= ${thresholdMs / 1_000}`);
    for (const row of rows) await app.ask(`KILL ${Number(row['id'] ?? row['ID'])}`).catch(() => undefined);
    claim.rounds += 1;
    claim.ended += rows.length;
    await wait(pauseMs);
  }
  app.close();
  return claim;
};
