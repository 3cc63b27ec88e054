import { setTimeout as wait } from 'node:timers/promises';
import type { ServerKind } from '../../servers/local-server.ts';
import { ownProcedures } from '../../functions/engines/mysql/grants.ts';
import { openMysqlApp } from './app-connection.ts';
import { openDelayedRelay } from './delayed-relay.ts';
import { type ChaosEstate, openEstate } from './estate.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { killsIn, type Tally, withWitness } from './judge.ts';
import type { Claim, Killer } from './killers/killer.ts';
import { mysqlScript, postgresOneLiner } from './killers/one-liner.ts';
import { createOwnTimeout } from './killers/own-timeout.ts';
import { findPtKill } from './killers/pt-kill.ts';
import { createUnleak } from './killers/unleak.ts';
import { createRdsProcedures, rdsPrivileges } from './rds-procedures.ts';
import { logSettings, readsIn } from './statement-log.ts';

/** What to run. */
export interface ChaosOrder {
  readonly kind: ServerKind;
  readonly sessions: number;
  readonly thresholdMs: number;
  readonly rttMs: number;
  /** As many ends as unleak is to be judged by; the alternatives get `others`. */
  readonly kills: number;
  readonly others: number;
  /** Whether the server's log is asked which of the crossed statements it had read. */
  readonly log: boolean;
  /** By what unleak may end sessions; by procedures it runs without the alternatives, and not on PostgreSQL. */
  readonly by: 'kill' | 'rds' | 'own';
  /** No phase goes on for longer, however few ends it saw. */
  readonly mostMs: number;
}

/** One killer on the load, as the applications judged it. */
export interface Phase {
  readonly killer: string;
  readonly tally: Tally;
  readonly claim: Claim;
  readonly tookMs: number;
}

/** All killers on the same load of one server. */
export interface ChaosResult {
  readonly order: ChaosOrder;
  readonly version: string;
  readonly phases: readonly Phase[];
}

const settleMs = 1_500;

/** Runs the killers one after the other on the same server and the same applications. */
export async function runChaos(order: ChaosOrder, tell: (line: string) => void): Promise<ChaosResult> {
  const hasLog = order.log && order.kind !== 'mariadb';
  const estate = await openEstate(order.kind, order.sessions, hasLog ? logSettings[order.kind] : {});
  const { kind, sessions, thresholdMs } = order;
  if (order.by !== 'kill' && kind !== 'postgres') await useProcedures(kind, order.by, estate.admin);
  const fleet = startFleet({ kind, login: estate.shop, sessions, thresholdMs, spreadMs: thresholdMs / 4 });
  const relay = order.rttMs > 0 ? await openDelayedRelay(estate.server, order.rttMs) : null;
  try {
    const phases: Phase[] = [];
    for (const [killer, run, kills] of toKillers(order, estate)) {
      if (kills === 0) continue;
      tell(`${kind} ${estate.server.version}: ${killer}, ${kills} ends`);
      await wait(thresholdMs + settleMs);
      const place = { ...order, ...estate, ...(relay ?? estate.server) };
      const phase = await runPhase(run, kills, fleet, place);
      const read = hasLog ? await readsIn(estate.server, phase.tally.crossed) : new Set();
      phases.push({ ...phase, killer, tally: withWitness(phase.tally, (sql) => read.has(sql)) });
    }
    return { order, version: estate.server.version, phases };
  } finally {
    await fleet.stop();
    relay?.stop();
    await estate.server.stop();
  }
}

async function useProcedures(
  kind: 'mysql' | 'mariadb',
  by: 'rds' | 'own',
  admin: ChaosEstate['admin'],
): Promise<void> {
  const privilege = kind === 'mysql' ? 'CONNECTION_ADMIN' : 'CONNECTION ADMIN';
  const making =
    by === 'rds'
      ? [...createRdsProcedures(kind), ...rdsPrivileges(kind).map((each) => `GRANT ${each} TO unleak@'%'`)]
      : ownProcedures(kind, ['shop@%'], `unleak@'%'`);
  const app = await openMysqlApp({ ...admin, database: 'mysql' }, () => undefined);
  for (const sql of [...making, `REVOKE ${privilege} ON *.* FROM unleak@'%'`]) await app.ask(sql);
  app.close();
}

type Killers = readonly (readonly [name: string, run: Killer, kills: number])[];

function toKillers({ kind, kills, others, by }: ChaosOrder, { admin }: ChaosEstate): Killers {
  const unleak = ['unleak', createUnleak(kind), kills] as const;
  if (by !== 'kill') return [unleak];
  const own = ["the server's own time-out", createOwnTimeout(kind, admin), others] as const;
  if (kind === 'postgres') return [unleak, ['one-liner', postgresOneLiner, others], own];
  const ptKill = findPtKill();
  const tool: Killers = ptKill ? [['pt-kill', ptKill, others]] : [];
  return [unleak, ['KILL script', mysqlScript, others], ...tool, own];
}

interface Place {
  readonly unleak: ChaosEstate['unleak'];
  readonly host: string;
  readonly port: number;
  readonly thresholdMs: number;
  readonly mostMs: number;
}

async function runPhase(
  killer: Killer,
  kills: number,
  fleet: Fleet,
  place: Place,
): Promise<Omit<Phase, 'killer'>> {
  const stop = new AbortController();
  let start = Infinity;
  const begin = () => {
    fleet.reset();
    start = performance.now();
  };
  const login = { ...place.unleak, host: place.host, port: place.port };
  const hunting = killer({ login, thresholdMs: place.thresholdMs, signal: stop.signal, begin });
  hunting.catch(() => stop.abort());
  while (!stop.signal.aborted && performance.now() - start < place.mostMs) {
    if (start < Infinity && killsIn(await fleet.tally()) >= kills) break;
    await wait(100);
  }
  const tookMs = performance.now() - start;
  stop.abort();
  const claim = await hunting;
  await wait(300); // the last ends are still on their way to their judges
  return { claim, tookMs, tally: await fleet.tally() };
}
