import type { ServerKind } from '../../servers/local-server.ts';
import { parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import { toLogin } from '../../functions/flow/to-login.ts';
import { openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import type { ChaosEstate } from '../chaos/estate.ts';

/** A way of ending sessions that were idle when they were seen. */
export interface Way {
  readonly name: string;
  /** Looks at the sessions, and gives what ends those that are unchanged. */
  readonly prepare: (ids: readonly string[]) => Promise<() => Promise<unknown>>;
  /** The receipt of the statement that woke up. */
  receipt(sql: string): Promise<number>;
  close(): Promise<void>;
}

type Ask = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** unleak by batches of several sizes, and what else was thought of. */
export async function waysFor(kind: ServerKind, estate: ChaosEstate): Promise<readonly Way[]> {
  const ours = [1, 25, 100].map((size) => unleakBy(kind, estate, size));
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const admin = await open(
    { ...estate.admin, ...(kind !== 'postgres' && { database: 'shop' }) },
    () => undefined,
  );
  const others = Object.entries(alternatives[kind]).map(([name, prepare]): Promise<Way> =>
    Promise.resolve({
      ...{ name, prepare: (ids: readonly string[]) => prepare((sql) => admin.ask(sql), ids) },
      receipt: async (sql) => Number((await admin.ask(sql))[0]?.['receipt']),
      close: () => {
        admin.close();
        return Promise.resolve();
      },
    }),
  );
  return Promise.all([...ours, ...others]);
}

async function unleakBy(kind: ServerKind, estate: ChaosEstate, size: number): Promise<Way> {
  const { user: username, host, port, password } = estate.unleak;
  const target = { name: 'window', engine: kind, secret: 'window', tls: 'off' };
  const policy = { rules: [{ name: 'leaked', state: 'idle', for: '1s', match: { user: ['shop'] } }] };
  const event = parseSweepEvent({ version: 1, target, policy });
  const login = toLogin(event.target, JSON.stringify({ username, host, port, password }));
  const limits = { connectMs: 30_000, statementMs: 60_000 };
  const control = await (await loadEngine(kind)).connect(login, limits, new AbortController().signal);
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const witness = await open({ ...estate.shop, user: 'witness' }, () => undefined);
  return {
    name: `unleak, batches of ${size}`,
    prepare: async (ids) => {
      const sessions = await seeIdle(
        async () =>
          (await control.snapshot()).sessions.filter(({ id, state }) => ids.includes(id) && state === 'idle'),
        ids.length,
      );
      return async () => {
        for (let start = 0; start < sessions.length; start += size) {
          const batch = sessions.slice(start, start + size);
          await control.end(batch.map((session) => ({ session, action: 'terminate' })));
        }
      };
    },
    receipt: async (sql) => Number((await witness.ask(sql))[0]?.['receipt']),
    close: async () => {
      witness.close();
      await control.close();
    },
  };
}

/** Looks until all are seen idle. */
async function seeIdle<T>(look: () => Promise<readonly T[]>, count: number): Promise<readonly T[]> {
  for (;;) {
    const seen = await look();
    if (seen.length === count) return seen;
  }
}

type Prepare = (ask: Ask, ids: readonly string[]) => Promise<() => Promise<unknown>>;

const activity = 'pid, state_change::text as seen from pg_stat_activity';
const seeOnPostgres = (ask: Ask, ids: readonly string[]) =>
  seeIdle(() => ask(`select ${activity} where pid in (${ids.join(', ')}) and state = 'idle'`), ids.length);

const toJson = (rows: readonly Record<string, unknown>[]) =>
  `json_to_recordset('${JSON.stringify(rows)}') as w(pid int, seen text)`;

const postgresWays: Readonly<Record<string, Prepare>> = {
  'guarded one-liner': async (ask, ids) => {
    await seeOnPostgres(ask, ids);
    return () =>
      ask(`select pg_terminate_backend(pid) from pg_stat_activity
        where pid in (${ids.join(', ')}) and state = 'idle' and state_change < now()`);
  },
  'one view for the batch': async (ask, ids) => {
    const rows = await seeOnPostgres(ask, ids);
    return () =>
      ask(`select case when a.state = 'idle' and a.state_change = w.seen::timestamptz
        then pg_terminate_backend(w.pid) end from ${toJson(rows)} join pg_stat_activity a using (pid)`);
  },
  'anonymous block': async (ask, ids) => {
    const rows = await seeOnPostgres(ask, ids);
    return () =>
      ask(`do $$ declare w record; begin for w in select * from ${toJson(rows)} loop
        perform pg_stat_clear_snapshot();
        if exists (select from pg_stat_get_activity(w.pid) a where a.state = 'idle' and a.state_change = w.seen::timestamptz)
        then perform pg_terminate_backend(w.pid); end if; end loop; end $$`);
  },
};

const processes = (ask: Ask, ids: readonly string[]) =>
  seeIdle(
    () =>
      ask(
        `SELECT id FROM information_schema.processlist WHERE id IN (${ids.join(', ')}) AND command = 'Sleep'`,
      ),
    ids.length,
  );

const mysqlWays: Readonly<Record<string, Prepare>> = {
  'KILL script': async (ask, ids) => {
    await processes(ask, ids);
    return () => killEach(ask, ids, (id) => `KILL ${id}`);
  },
  'packet: process list, KILL': async (ask, ids) => {
    await processes(ask, ids);
    return () =>
      killEach(
        ask,
        ids,
        (id) => `SET @k = (SELECT id FROM information_schema.processlist
        WHERE id = ${id} AND command = 'Sleep'); KILL @k`,
      );
  },
};

const onlyMysqlWays: Readonly<Record<string, Prepare>> = {
  ...mysqlWays,
  'packet: threads, KILL': async (ask, ids) => {
    await processes(ask, ids);
    return () => killEach(ask, ids, (id) => `SET @k = (${asleep(id)}); KILL @k`);
  },
  'sys.execute_prepared_stmt': async (ask, ids) => {
    await processes(ask, ids);
    const call = (id: string) =>
      `CALL sys.execute_prepared_stmt(CONCAT('KILL ', COALESCE((${asleep(id)}), 0)))`;
    return () => killEach(ask, ids, call);
  },
};

const asleep = (id: string) => `SELECT t.processlist_id FROM performance_schema.threads t
  JOIN performance_schema.events_statements_current s ON s.thread_id = t.thread_id AND s.nesting_event_level = 0
  WHERE t.processlist_id = ${id} AND t.processlist_command = 'Sleep' AND s.end_event_id IS NOT NULL`;

async function killEach(ask: Ask, ids: readonly string[], sql: (id: string) => string): Promise<void> {
  for (const id of ids) await ask(sql(id)).catch(() => undefined);
}

const alternatives: Readonly<Record<ServerKind, Readonly<Record<string, Prepare>>>> = {
  postgres: postgresWays,
  mariadb: mysqlWays,
  mysql: onlyMysqlWays,
};
