import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import {
  type AppConnection,
  type AppLogin,
  openMysqlApp,
  openPostgresApp,
} from '../../bench/chaos/app-connection.ts';
import { openEstate } from '../../bench/chaos/estate.ts';
import type { LocalServer, ServerKind } from '../../cli/servers/local-server.ts';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import { Fault } from '../../functions/core/faults.ts';
import type { Report } from '../../functions/core/report.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import { everythingOf } from '../aws/expect-fault.ts';
import { createLocalParts, type LocalParts } from '../flow/local-parts.ts';

/** A sweep and all that came of it. */
export interface Swept extends LocalParts {
  readonly end: Report | Fault;
  readonly tookMs: number;
}

/** What a test changes of a sweep. */
export interface SweepChange {
  readonly secret?: Readonly<Record<string, unknown>> | string;
  readonly target?: Partial<SweepEventInput['target']>;
  readonly remainingMs?: number;
  readonly deps?: Partial<Deps>;
}

/** An application that leaks on a server of its own, and the real line of data beside it. */
export interface Lab {
  readonly kind: ServerKind;
  readonly server: LocalServer;
  /** Opens sessions and waits until the policy would end them. */
  leak(count: number): Promise<readonly AppConnection[]>;
  sweep(change?: SweepChange): Promise<Swept>;
  ask(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Control connections that the server shows now. */
  countControls(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the server; its sessions leak when they are a second idle. */
export async function openLab(kind: ServerKind): Promise<Lab> {
  const { server, shop, unleak, admin } = await openEstate(kind, 10);
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const root = await open({ ...admin, ...(kind !== 'postgres' && { database: 'mysql' }) }, () => undefined);
  const ask = (sql: string) => root.ask(sql);
  const countControls = async () => Number((await ask(controls(kind)))[0]?.['n']);
  return {
    ...{ kind, server, ask, countControls },
    leak: async (count) => {
      const apps = await Promise.all(Array.from({ length: count }, () => open(shop, () => undefined)));
      onTestFinished(() => apps.forEach((app) => app.close()));
      for (const app of apps) await app.ask('select 1');
      await wait(1_150);
      return apps;
    },
    sweep: async (change = {}) => {
      const deadline = createDeadline(change.remainingMs ?? 30_000, Date.now);
      const parts = createLocalParts(secretOf(unleak, change.secret), { deadline, ...change.deps });
      const start = performance.now();
      const end = await runSweep(toEvent(kind, change.target), parts.deps).catch((error: unknown) => {
        if (error instanceof Fault) return error;
        throw error;
      });
      const tookMs = performance.now() - start;
      deadline.end();
      const shown = everythingOf([end, parts.messages, parts.reports, parts.faults]);
      expect(shown).not.toContain(unleak.password);
      return { ...parts, end, tookMs };
    },
    stop: async () => {
      root.close();
      await server.stop();
    },
  };
}

function secretOf({ user, host, port, password }: AppLogin, change: SweepChange['secret'] = {}): string {
  if (typeof change === 'string') return change;
  return JSON.stringify({ username: user, password, host, port, ...change });
}

function toEvent(engine: ServerKind, target: SweepChange['target']): SweepEventInput {
  return {
    version: 1,
    target: { name: 'faults', engine, secret: 'prod/faults', mode: 'enforce', tls: 'off', ...target },
    policy: {
      rules: [{ name: 'leaked', state: 'idle', for: '1s', match: { user: ['shop'] } }],
      caps: { perSweep: 50, share: '100%' },
    },
  };
}

function controls(kind: ServerKind): string {
  return kind === 'postgres'
    ? `select count(*) as n from pg_stat_activity where usename = 'unleak'`
    : `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user = 'unleak'`;
}

/** How many of them the server still answers. */
export async function countAlive(apps: readonly AppConnection[]): Promise<number> {
  const answers = await Promise.all(
    apps.map((app) =>
      app.ask('select 1').then(
        () => 1,
        () => 0,
      ),
    ),
  );
  return answers.reduce<number>((sum, alive) => sum + alive, 0);
}

/** The fault is the one that is recorded, told and thrown. */
export function expectFault({ end, reports, messages, faults }: Swept, codes: readonly string[]): void {
  const { code } = end as Fault;
  expect(codes).toContain(code);
  expect(faults).toEqual([end]);
  expect(reports).toMatchObject([{ outcome: 'fault', fault: { code } }]);
  expect(messages.map(({ attributes }) => attributes['outcome']?.value)).toEqual(['fault']);
}

/** No control connection stays, the leaked sessions are as they were, and the next sweep ends them. */
export async function expectUnharmed(lab: Lab, apps: readonly AppConnection[]): Promise<void> {
  await expect.poll(() => lab.countControls(), { timeout: 5_000 }).toBe(0);
  const next = await lab.sweep();
  expect(next.end).toMatchObject({ outcome: 'ended', results: { terminated: apps.length } });
  expect(await countAlive(apps)).toBe(0);
  await expect.poll(() => lab.countControls(), { timeout: 5_000 }).toBe(0);
}
