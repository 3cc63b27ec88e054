import { setTimeout as wait } from 'node:timers/promises';
import type { ServerKind } from '../../servers/local-server.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { chosenOf } from '../../functions/core/model/plan.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { verify } from '../../functions/core/verify.ts';
import type { ControlConnection } from '../../functions/engines/engine.ts';
import { terminate } from '../../functions/flow/terminate.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import { parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';
import { toLogin } from '../../functions/flow/to-login.ts';
import { type AppConnection, openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import { type ChaosEstate, openEstate } from '../chaos/estate.ts';
import { medianOf, timed } from './measure.ts';
import { countingSettings, measureServerCost, type ServerCost } from './server-cost.ts';
import { type Locks, watchLocks } from './watch-locks.ts';

/** What one server with many sessions, half of them leaked, costs. */
export interface LoadResult {
  readonly kind: ServerKind;
  readonly version: string;
  readonly sessions: number;
  readonly leaked: number;
  readonly terminated: number;
  /** Medians of five, in milliseconds; ending is of all leaked ones, once. */
  readonly lookMs: number;
  readonly planMs: number;
  readonly endMs: number;
  readonly verifyMs: number;
  /** What the process's memory grew by in five looks and plans, in MB. */
  readonly grownMb: number;
  readonly serverCostOfALook: ServerCost;
  readonly locks: Locks;
}

/** Sessions that are opened at once. */
const together = 50;
const turns = 5;
const oneDayMs = 86_400_000;

/** Opens the sessions, leaks half of them, and takes each step of a sweep by itself. */
export async function runLoad(kind: ServerKind, sessions: number): Promise<LoadResult> {
  const estate = await openEstate(kind, sessions, countingSettings[kind]);
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const apps: AppConnection[] = [];
  try {
    while (apps.length < sessions) {
      const count = Math.min(together, sessions - apps.length);
      const opened = await Promise.all(
        Array.from({ length: count }, () => open(estate.shop, () => undefined)),
      );
      apps.push(...opened);
      for (const app of opened) await app.ask('select 1');
    }
    await wait(2_000);
    for (const app of apps.slice(0, sessions / 2)) await app.ask('select 2');
    return { kind, version: estate.server.version, sessions, ...(await measure(kind, estate, sessions)) };
  } finally {
    for (const app of apps) app.close();
    await estate.server.stop();
  }
}

async function measure(kind: ServerKind, estate: ChaosEstate, sessions: number) {
  const { control, policy, batchSize } = await connectTo(kind, estate);
  const before = memoryMb();
  const [snapshot, lookMs] = await repeatedly(() => control.snapshot());
  const forMs = ageOfTheOlderHalf(snapshot, sessions);
  const older = { ...policy, rules: policy.rules.map((rule) => ({ ...rule, forMs })) };
  const [plan, planMs] = await repeatedly(() => Promise.resolve(decide(snapshot, older)));
  const grownMb = memoryMb() - before;
  const serverCostOfALook = await measureServerCost(kind, estate, control);
  const locks = await watchLocks(kind, estate, control);
  const chosen = chosenOf(plan);
  const deadline = createDeadline(oneDayMs, Date.now);
  const [{ attempts }, endMs] = await timed(() => terminate(control, chosen, batchSize, deadline));
  deadline.end();
  await wait(300);
  const [outcomes, verifyMs] = await timed(async () => verify(chosen, attempts, await control.snapshot()));
  await control.close();
  const terminated = outcomes.filter(({ result }) => result === 'terminated').length;
  return {
    ...{ leaked: chosen.length, terminated, lookMs, planMs, endMs, verifyMs },
    ...{ grownMb, serverCostOfALook, locks },
  };
}

async function repeatedly<T>(work: () => Promise<T>): Promise<readonly [last: T, medianMs: number]> {
  const first = await timed(work);
  const all = [first];
  for (let turn = 1; turn < turns; turn += 1) all.push(await timed(work));
  return [(all.at(-1) ?? first)[0], medianOf(all.map(([, ms]) => ms))];
}

function ageOfTheOlderHalf(snapshot: Snapshot, sessions: number): number {
  const ages = snapshot.sessions.filter(({ user }) => user === 'shop').map(({ stateMs }) => stateMs ?? 0);
  return ([...ages].sort((a, b) => b - a)[Math.floor(sessions / 2) - 1] ?? 0) - 1;
}

function memoryMb(): number {
  return process.memoryUsage().rss / 1_048_576;
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
  const control: ControlConnection = await engine.connect(login, limits, new AbortController().signal);
  return { control, policy, batchSize: engine.batchSize };
}
