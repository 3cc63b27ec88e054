import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { openMysqlApp, openPostgresApp } from '../../bench/chaos/app-connection.ts';
import type { AppConnection, AppLogin } from '../../bench/chaos/app-connection.ts';
import { openEstate } from '../../bench/chaos/estate.ts';
import type { LocalServer, ServerKind } from '../../servers/local-server.ts';
import { createTelemetry } from '../../functions/aws/telemetry.ts';
import { parseEvent, type SweepEventInput } from '../../functions/contract/event.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import type { ControlConnection } from '../../functions/engines/engine.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { toLogin } from '../../functions/flow/to-login.ts';
import { captureOutput } from '../aws/captured-output.ts';
import { everythingOf } from '../aws/expect-fault.ts';
import { createLocalParts, type LocalParts } from '../flow/local-parts.ts';
import { until } from '../flow/postgres-shop.ts';

/** A sweep and all that came of it; `log` is what Lambda would have collected. */
export interface Swept extends LocalParts {
  readonly end: Report | Fault;
  readonly log: readonly string[];
  readonly tookMs: number;
}

/** What a test changes of a sweep. */
export interface SweepChange {
  readonly secret?: Readonly<Record<string, unknown>> | string;
  readonly target?: Partial<SweepEventInput['target']>;
  /** The policy speaks of everybody, not of the lab's applications alone. */
  readonly ofEverybody?: boolean;
  readonly remainingMs?: number;
  readonly deps?: Partial<Deps>;
}

/** A session of an application, with the number that the server gave it. */
export interface App extends AppConnection {
  readonly id: string;
}

/** An application that leaks on a server of its own, and the real line of data beside it. */
export interface Lab {
  readonly kind: ServerKind;
  readonly server: LocalServer;
  readonly unleak: AppLogin;
  open(user?: 'shop' | 'boss'): Promise<App>;
  /** Opens sessions and waits until the policy would end them. */
  leak(count: number): Promise<readonly App[]>;
  /** What a sweep would see now. */
  snapshot(): Promise<Snapshot>;
  /** Waits until the policy would end these sessions. */
  untilLeaked(apps: readonly App[]): Promise<void>;
  sweep(change?: SweepChange): Promise<Swept>;
  /** Asks as the administrator, who logs in anew where the server has ended his session. */
  ask(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Closes the applications, and fails if a control connection stays. */
  settle(): Promise<void>;
  /** The same logins on another server, at this port of the same machine. */
  at(port: number): Lab;
  /** Closes the administrator's session. */
  close(): void;
  stop(): Promise<void>;
}

/** Few slots, so that a server is soon full; two of PostgreSQL's are kept for superusers, two for logins that may. */
export const slots = 20;
const reserved = { superuser_reserved_connections: '2', reserved_connections: '2' };
const room = { max_connections: String(slots) };
/** The policy's threshold: the least that there may be. */
const leakedMs = 1_000;

/** Starts the server, with settings of its own; its sessions leak when they are idle for a second. */
export async function openLab(kind: ServerKind, own: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const settings = { ...room, ...(kind === 'postgres' && reserved), ...own };
  const { server, shop, unleak, admin } = await openEstate(kind, 10, settings);
  const lab = labOf(kind, server, { shop, unleak, admin });
  for (const sql of bossOf(kind, shop.password)) await lab.ask(sql);
  return lab;
}

/** A superuser of whom the policy speaks as well. */
function bossOf(kind: ServerKind, password: string): readonly string[] {
  return kind === 'postgres'
    ? [`create role boss superuser login password '${password}'`]
    : [`CREATE USER boss@'%' IDENTIFIED BY '${password}'`, `GRANT ALL ON *.* TO boss@'%'`];
}

interface Logins {
  readonly shop: AppLogin;
  readonly unleak: AppLogin;
  readonly admin: AppLogin;
}

/** The lab on a server that has these logins. */
function labOf(kind: ServerKind, server: LocalServer, { shop, unleak, admin }: Logins): Lab {
  const openApp = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const apps: AppConnection[] = [];
  let root: Promise<AppConnection> | null = null;
  const rootLogin = { ...admin, ...(kind !== 'postgres' && { database: 'mysql' }) };
  const forget = () => (root = null);
  const ask: Lab['ask'] = async (sql) => {
    root ??= openApp(rootLogin, forget);
    root.catch(forget);
    return (await root).ask(sql);
  };
  const count = async (users: string) => Number((await ask(sessionsOf(kind, users)))[0]?.['n']);
  const lab: Lab = {
    ...{ kind, server, unleak, ask },
    open: async (user = 'shop') => {
      const app = await openApp({ ...shop, user }, () => undefined);
      apps.push(app);
      const [row] = await app.ask(
        kind === 'postgres' ? 'select pg_backend_pid() as id' : 'SELECT CONNECTION_ID() AS id',
      );
      return { ...app, id: String(row?.['id']) };
    },
    leak: async (wanted) => {
      const leaked = await Promise.all(Array.from({ length: wanted }, () => lab.open()));
      await lab.untilLeaked(leaked);
      return leaked;
    },
    snapshot: () => withControl(kind, unleak, (control) => control.snapshot()),
    untilLeaked: (leaked) =>
      withControl(kind, unleak, (control) => until(async () => haveLeaked(leaked, await control.snapshot()))),
    sweep: (change) => sweep(kind, unleak, change),
    settle: async () => {
      for (const app of apps.splice(0)) app.close();
      await expect.poll(() => count(`'unleak', 'shop', 'boss'`), { timeout: 30_000 }).toBe(0);
    },
    at: (port) => {
      const move = (login: AppLogin) => ({ ...login, port });
      return labOf(kind, server, { shop: move(shop), unleak: move(unleak), admin: move(admin) });
    },
    close: () => void root?.then((app) => app.close(), forget),
    stop: async () => {
      lab.close();
      await server.stop();
    },
  };
  return lab;
}

/** A control connection as a sweep has it. */
async function withControl<T>(
  kind: ServerKind,
  login: AppLogin,
  work: (control: ControlConnection) => Promise<T>,
): Promise<T> {
  const engine = await loadEngine(kind);
  const limits = { connectMs: 20_000, statementMs: 20_000 };
  const never = new AbortController().signal;
  const control = await engine.connect(toLogin(eventOf(kind).target, secretOf(login)), limits, never);
  return work(control).finally(() => control.close());
}

function haveLeaked(apps: readonly App[], { sessions }: Snapshot): boolean {
  const seen = new Map(sessions.map((session) => [session.id, session]));
  return apps.every(({ id }) => {
    const session = seen.get(id);
    return session?.state?.startsWith('idle') === true && (session.stateMs ?? 0) >= leakedMs;
  });
}

function eventOf(kind: ServerKind) {
  const parsed = parseEvent(toEvent(kind));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

async function sweep(kind: ServerKind, unleak: AppLogin, change: SweepChange = {}): Promise<Swept> {
  const deadline = createDeadline(change.remainingMs ?? 30_000, Date.now);
  const log: string[] = [];
  const parts = createLocalParts(secretOf(unleak, change.secret), { deadline, ...change.deps });
  const start = performance.now();
  const end = await runSweep(toEvent(kind, change), withLog(parts.deps, log)).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  const tookMs = performance.now() - start;
  deadline.end();
  const shown = everythingOf([end, parts.messages, parts.reports, parts.faults, log]);
  expect(shown).not.toContain(unleak.password);
  return { ...parts, end, log, tookMs };
}

/** The real log beside the parts' own memory of it. */
function withLog(deps: Deps, log: string[]): Deps {
  const real = createTelemetry(deps.sweepId, null);
  const keep = (work: () => void) => {
    const { out, err } = captureOutput(work);
    log.push(...out, ...err);
  };
  return {
    ...deps,
    telemetry: {
      record: (report, durationMs) => {
        deps.telemetry.record(report, durationMs);
        keep(() => real.record(report, durationMs));
      },
      fault: (fault, target) => {
        deps.telemetry.fault(fault, target);
        keep(() => real.fault(fault, target));
      },
    },
  };
}

function secretOf({ user, host, port, password }: AppLogin, change: SweepChange['secret'] = {}): string {
  if (typeof change === 'string') return change;
  return JSON.stringify({ username: user, password, host, port, ...change });
}

function toEvent(engine: ServerKind, { target, ofEverybody = false }: SweepChange = {}): SweepEventInput {
  const of = ofEverybody ? {} : { match: { user: ['shop', 'boss'] } };
  return {
    version: 1,
    target: { name: 'faults', engine, secret: 'prod/faults', mode: 'enforce', tls: 'off', ...target },
    policy: {
      rules: [
        { name: 'leaked', state: 'idle', for: `${leakedMs}ms`, ...of },
        { name: 'stuck', state: 'idle in transaction', for: `${leakedMs}ms`, ...of },
      ],
      caps: { perSweep: 50, share: '100%' },
    },
  };
}

function sessionsOf(kind: ServerKind, users: string): string {
  return kind === 'postgres'
    ? `select count(*) as n from pg_stat_activity where usename in (${users})`
    : `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user IN (${users})`;
}

/** Whether the server still answers this session. */
export function isAlive(app: AppConnection): Promise<boolean> {
  return app.ask('select 1').then(
    () => true,
    () => false,
  );
}

/** How many of them the server still answers. */
export async function countAlive(apps: readonly AppConnection[]): Promise<number> {
  return (await Promise.all(apps.map(isAlive))).filter(Boolean).length;
}

/** The fault is the one that is logged, recorded, told and thrown. */
export function expectFault({ end, reports, messages, faults, log }: Swept, codes: readonly string[]): void {
  const { code } = end as Fault;
  expect(codes).toContain(code);
  expect(faults).toEqual([end]);
  expect(log.join('\n')).toContain(`"code":"${code}"`);
  expect(reports).toMatchObject([{ outcome: 'fault', fault: { code } }]);
  expect(messages.map(({ attributes }) => attributes['outcome']?.value)).toEqual(['fault']);
}

/** No control connection stays, the leaked sessions are untouched, and the next sweep, a dry one, would end them and no other. */
export async function expectUntouched(lab: Lab, apps: readonly App[]): Promise<void> {
  await expectNoControl(lab);
  const { end } = await lab.sweep({ target: { mode: 'dry-run' } });
  expect(end).toMatchObject({ outcome: 'would-end', fault: null });
  const chosen = (end as Report).decisions.filter(({ verdict }) => verdict === 'terminate');
  expect(chosen.map(({ session }) => session.id).sort()).toEqual(apps.map(({ id }) => id).sort());
}

/** No control connection stays. */
export async function expectNoControl({ kind, ask }: Pick<Lab, 'kind' | 'ask'>): Promise<void> {
  const controls = async () => Number((await ask(sessionsOf(kind, `'unleak'`)))[0]?.['n']);
  await expect.poll(controls, { timeout: 30_000, interval: 10 }).toBe(0);
}

/** No control connection stays, and the next sweep ends these sessions and no other. */
export async function expectNextSweep(lab: Lab, apps: readonly App[]): Promise<void> {
  await expectNoControl(lab);
  await lab.untilLeaked(apps);
  const { end } = await lab.sweep();
  expect(end).toMatchObject({ outcome: 'ended', results: { terminated: apps.length } });
  expect(await countAlive(apps)).toBe(0);
}

/** A password that no other test has. */
export function freshPassword(): string {
  return randomBytes(12).toString('hex');
}

/** How many of them the server still has, asked without waking them. */
export async function countConnected(
  { kind, ask }: Pick<Lab, 'kind' | 'ask'>,
  apps: readonly App[],
): Promise<number> {
  const rows = await ask(
    kind === 'postgres'
      ? 'select pid::text as id from pg_stat_activity'
      : `SELECT CAST(id AS CHAR) AS id FROM information_schema.processlist WHERE command <> 'Killed'`,
  );
  const ids = new Set(rows.map((row) => row['id']));
  return apps.filter(({ id }) => ids.has(id)).length;
}
