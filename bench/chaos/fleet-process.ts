import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ServerKind } from '../../servers/local-server.ts';
import { type AppLogin, openMysqlApp, openPostgresApp } from './app-connection.ts';
import { runSession, type SessionParts } from './app-session.ts';
import {
  type CrossedEnd,
  judgements,
  type Judgement,
  type SessionEnd,
  type Tally,
  type WrongEnd,
} from './judge.ts';
import type { Pauses } from './pauses.ts';
import { works } from './work.ts';

/* The applications' process: apart from the sweeps, so that what keeps those busy does not disturb its clock. */

/** The fleet to run. */
export interface FleetOrder extends Pauses {
  readonly kind: ServerKind;
  readonly login: AppLogin;
  readonly sessions: number;
}
export type ToFleet = FleetOrder | 'tally' | 'reset';

const stalls = monitorEventLoopDelay({ resolution: 1 });
stalls.enable();
let tally = emptyTally();

process.on('message', (message: ToFleet) => {
  if (message === 'tally') process.send?.({ ...tally, stallMs: stalls.max / 1e6 } satisfies Tally);
  else if (message === 'reset') {
    tally = emptyTally();
    stalls.reset();
  } else void run(message);
});
process.on('disconnect', () => process.exit());

function emptyTally() {
  return {
    judgements: Object.fromEntries(judgements.map((name) => [name, 0])) as Record<Judgement, number>,
    transactions: 0,
    wrong: [] as WrongEnd[],
    crossed: [] as CrossedEnd[],
    failedLogins: [] as string[],
    stallMs: 0,
  };
}

async function run({ kind, login, sessions, ...pauses }: FleetOrder): Promise<void> {
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const witness = await open({ ...login, user: 'witness' }, () => undefined);
  let asked: Promise<unknown> = Promise.resolve();
  const askWitness = (sql: string) => {
    const answer = asked.then(() => witness.ask(sql));
    asked = answer;
    return answer;
  };
  const parts: SessionParts = {
    ...{ open, login, ...pauses, work: works[kind] },
    hasBegun: async (session, receipt) => {
      const [row] = await askWitness(works[kind].receipt(session));
      return Number(row?.['receipt']) === receipt;
    },
    committed: () => (tally.transactions += 1),
    loginFailed: (error) => tally.failedLogins.push(error instanceof Error ? error.message : String(error)),
    ended: (judgement, end, sql) => {
      tally.judgements[judgement] += 1;
      if (judgement === 'early' || judgement === 'lost') tally.wrong.push(toWrong(judgement, end));
      if (judgement === 'crossed') tally.crossed.push({ sql, learntMs: end.noticedAt - end.lastSentAt });
    },
    isOver: () => !process.connected,
  };
  await Promise.all(Array.from({ length: sessions }, (_, session) => runSession(session, parts)));
}

function toWrong(judgement: Judgement, end: SessionEnd): WrongEnd {
  const ago = (at: number) => Math.round(end.noticedAt - at);
  return {
    ...{ judgement, waitsFor: end.waitsFor, transactions: end.transactions },
    sentAgoMs: ago(end.lastSentAt),
    answeredAgoMs: ago(end.lastAnsweredAt),
    loggedInAgoMs: ago(end.loggedInAt),
  };
}
