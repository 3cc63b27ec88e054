import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { ServerKind } from '../../../servers/local-server.ts';
import { type AppLogin, openMysqlApp, openPostgresApp } from '../app-connection.ts';
import type { Killer } from './killer.ts';

/**
 * The server's own time-out for idle sessions, as the measure of what is possible: it needs no look, and yet a statement can
 * cross with it. MySQL reads it at the login, so the applications have to log in anew before anything is counted.
 */
export function createOwnTimeout(kind: ServerKind, admin: AppLogin): Killer {
  return async ({ thresholdMs, signal, begin }) => {
    const app = await (kind === 'postgres' ? openPostgresApp : openMysqlApp)(admin, () => undefined);
    const { on, off, everyone } = kind === 'postgres' ? postgres(thresholdMs) : mysql(thresholdMs);
    for (const sql of on) await app.ask(sql);
    for (const { sql } of (await app.ask(everyone)) as { sql: string }[])
      await app.ask(sql).catch(() => undefined);
    await wait(thresholdMs * 0.7); // a session that has just logged in works at once, and pauses for longer than this
    begin();
    if (!signal.aborted) await once(signal, 'abort');
    for (const sql of off) await app.ask(sql);
    app.close();
    return { rounds: 0, ended: null, spared: null };
  };
}

function postgres(thresholdMs: number) {
  return {
    on: [`alter role shop set idle_session_timeout = ${thresholdMs}`],
    off: ['alter role shop reset idle_session_timeout'],
    everyone: `select format('select pg_terminate_backend(%s)', pid) as sql from pg_stat_activity where usename = 'shop'`,
  };
}

function mysql(thresholdMs: number) {
  return {
    on: [`SET GLOBAL wait_timeout = ${thresholdMs / 1_000}`],
    off: ['SET GLOBAL wait_timeout = 28800'],
    everyone: `SELECT CONCAT('KILL ', id) AS 'sql' FROM information_schema.processlist WHERE user = 'shop'`,
  };
}
