import { setTimeout as wait } from 'node:timers/promises';
import type { ServerKind } from '../../cli/servers/local-server.ts';
import { parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import { toLogin } from '../../functions/flow/to-login.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { chosenOf } from '../../functions/core/plan.ts';
import { verify } from '../../functions/core/verify.ts';
import type { Attempt, ControlConnection } from '../../functions/engines/engine.ts';
import { type AppConnection, openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import { type ChaosEstate, openEstate } from '../chaos/estate.ts';
import { medianOf, timed } from './measure.ts';

/** What one server with many sessions, half of them leaked, costs. */
export interface LoadResult {
  readonly kind: ServerKind;
  readonly version: string;
  readonly sessions: number;
  readonly leaked: number;
  readonly terminated: number;
  /** Medians of three, in milliseconds; ending is of all leaked ones, once. */
  readonly lookMs: number;
  readonly planMs: number;
  readonly endMs: number;
  readonly verifyMs: number;
  /** What the process grew by, from before the look until after the plan. */
  readonly grownMb: number;
  /** PostgreSQL: the locks of our connection seen while it looked in a loop beside DDL, and how often anyone waited for it. */
  readonly locks: readonly string[];
  readonly blockedByUs: number;
}

/** Opens the sessions, leaks half of them, and takes each step of a sweep by itself. */
export async function runLoad(kind: ServerKind, sessions: number): Promise<LoadResult> {
  const estate = await openEstate(kind, sessions);
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const apps: AppConnection[] = [];
  try {
    for (let opened = 0; opened < sessions; opened += 1) {
      apps.push(await open(estate.shop, () => undefined));
      await apps.at(-1)?.ask('select 1');
    }
    await wait(2_000);
    for (const app of apps.slice(0, sessions / 2)) await app.ask('select 2');
    return await measure(kind, estate, sessions);
  } finally {
    for (const app of apps) app.close();
    await estate.server.stop();
  }
}

async function measure(kind: ServerKind, estate: ChaosEstate, sessions: number): Promise<LoadResult> {
  const { control, policy, batchSize } = await connectTo(kind, estate);
  const before = process.memoryUsage().rss;
  const looks = [
    await timed(() => control.look()),
    await timed(() => control.look()),
    await timed(() => control.look()),
  ];
  const [snapshot] = looks[0] ?? (await timed(() => control.look()));
  const oldest = snapshot.sessions
    .filter(({ user }) => user === 'shop')
    .map(({ stateMs }) => stateMs ?? 0)
    .sort((a, b) => b - a);
  const limitMs = (oldest[Math.floor(sessions / 2) - 1] ?? 0) - 1;
  const rule = { ...policy, rules: policy.rules.map((each) => ({ ...each, forMs: limitMs })) };
  const plans = [];
  for (let run = 0; run < 3; run += 1) plans.push(await timed(() => Promise.resolve(decide(snapshot, rule))));
  const grownMb = (process.memoryUsage().rss - before) / 1_048_576;
  const watched = kind === 'postgres' ? await watchLocks(estate, control) : { locks: [], blockedByUs: 0 };
  const chosen = chosenOf(plans[0]?.[0] ?? { decisions: [] });
  const attempts: Attempt[] = [];
  const [, endMs] = await timed(async () => {
    for (let start = 0; start < chosen.length; start += batchSize) {
      const batch = chosen.slice(start, start + batchSize);
      attempts.push(
        ...(await control.end(batch.map(({ session, verdict }) => ({ session, action: verdict })))),
      );
    }
  });
  await wait(300);
  const [outcomes, verifyMs] = await timed(async () => verify(chosen, attempts, await control.look()));
  await control.close();
  return {
    ...{
      kind,
      version: estate.server.version,
      sessions,
      leaked: chosen.length,
      endMs,
      verifyMs,
      grownMb,
      ...watched,
    },
    terminated: outcomes.filter(({ result }) => result === 'terminated').length,
    lookMs: medianOf(looks.map(([, ms]) => ms)),
    planMs: medianOf(plans.map(([, ms]) => ms)),
  };
}

async function connectTo(kind: ServerKind, { unleak }: ChaosEstate) {
  const { user: username, host, port, password } = unleak;
  const { target, policy } = parseSweepEvent({
    version: 1,
    target: { name: 'load', engine: kind, secret: 'load', tls: 'off' },
    policy: {
      rules: [{ name: 'leaked', state: 'idle', for: '1s', match: { user: ['shop'] } }],
      caps: { perSweep: 10_000, share: '100%' },
    },
  });
  const engine = await loadEngine(kind);
  const login = toLogin(target, JSON.stringify({ username, host, port, password }));
  const limits = { connectMs: 30_000, statementMs: 60_000 };
  const control = await engine.connect(login, limits, new AbortController().signal);
  return { control, policy, batchSize: engine.batchSize };
}

/** Looks in a loop while another session samples every lock we hold, and DDL takes the strongest locks there are. */
async function watchLocks(estate: ChaosEstate, control: ControlConnection) {
  const [watcher, ddl] = [
    await openPostgresApp(estate.admin, () => undefined),
    await openPostgresApp(estate.admin, () => undefined),
  ];
  const modes = new Set<string>();
  let [isOver, blockedByUs] = [false, 0];
  const looking = (async () => {
    while (!isOver) await control.look();
  })();
  const building = (async () => {
    while (!isOver)
      await ddl.ask(
        'begin; lock table stock in access exclusive mode; alter table stock add column x int; rollback',
      );
  })();
  for (let sample = 0; sample < 300; sample += 1) {
    const rows = await watcher.ask(`
      select distinct l.locktype || ' ' || l.mode as mode from pg_locks l join pg_stat_activity a using (pid)
      where a.usename = 'unleak' and l.locktype <> 'virtualxid'`);
    for (const row of rows) modes.add(String(row['mode']));
    const [row] = await watcher.ask(`
      select count(*) as n from pg_stat_activity u, pg_stat_activity w
      where u.usename = 'unleak' and u.pid = any (pg_blocking_pids(w.pid))`);
    blockedByUs += Number(row?.['n']);
  }
  isOver = true;
  await Promise.all([looking, building]);
  watcher.close();
  ddl.close();
  return { locks: [...modes].sort(), blockedByUs };
}
