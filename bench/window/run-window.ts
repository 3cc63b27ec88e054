import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerKind } from '../../servers/local-server.ts';
import { openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import { type ChaosEstate, openEstate } from '../chaos/estate.ts';
import { works } from '../chaos/work.ts';
import { medianOf, timed } from '../load/measure.ts';
import type { FromSleepers, OpenOrder, WakeOrder } from './sleeper-process.ts';
import { until } from './until.ts';
import { type Way, waysFor } from './ways.ts';

/** How many trials, of how many sessions ended together, beside how many that only sleep. */
export interface WindowOrder {
  readonly kind: ServerKind;
  readonly trials: number;
  readonly victims: number;
  readonly bystanders: number;
}

/** For how long a session that has woken up may still be ended by one way of ending. */
export interface WindowResult {
  readonly way: string;
  readonly trials: number;
  /** The server had begun the statement, and the session was ended all the same. */
  readonly lost: number;
  /** The share that was lost, times the stretch over which the moments of waking up were spread; in microseconds. */
  readonly windowUs: number;
  /** Ending one of the sessions, in microseconds; the median. */
  readonly endUs: number;
}

const leadNs = 4_000_000n;
const marginUs = 500;
/** Before the first trial has told how long an end takes, for one session. */
const guessUs = 3_000;

interface Run {
  readonly way: Way;
  lost: number;
  readonly spreadUs: number[];
  readonly endUs: number[];
}

/** Tries all ways of ending on one server in turns, so that the machine's noise meets all of them alike. */
export async function runWindow(order: WindowOrder): Promise<readonly WindowResult[]> {
  const { kind, trials, victims, bystanders } = order;
  const estate = await openEstate(kind, victims * 2 + bystanders + 10);
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const others = await Promise.all(
    Array.from({ length: bystanders }, () => open(estate.shop, () => undefined)),
  );
  const ways = await waysFor(kind, estate);
  const sleepers = startSleepers();
  try {
    const runs = ways.map((way): Run => ({ way, lost: 0, spreadUs: [], endUs: [] }));
    for (let turn = 0; turn < trials; turn += 1)
      for (const [index, run] of runs.entries())
        await addTrial(run, { order, estate, ask: sleepers.ask, receipt: turn * runs.length + index + 1 });
    return runs.map((run) => toResult(run, trials, victims));
  } finally {
    for (const way of ways) await way.close();
    for (const other of others) other.close();
    await sleepers.stop();
    await estate.server.stop();
  }
}

function toResult({ way, lost, spreadUs, endUs }: Run, trials: number, victims: number): WindowResult {
  const meanUs = spreadUs.reduce((sum, each) => sum + each, 0) / trials;
  return {
    ...{ way: way.name, trials, lost },
    windowUs: (lost / trials) * meanUs,
    endUs: medianOf(endUs) / victims,
  };
}

type Ask = (order: OpenOrder | WakeOrder) => Promise<FromSleepers>;

function startSleepers() {
  const child = fork(fileURLToPath(new URL('sleeper-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  const ask: Ask = async (order) => {
    const answer = once(child, 'message') as Promise<[FromSleepers]>;
    child.send(order);
    return (await answer)[0];
  };
  const stop = async () => {
    child.disconnect();
    await exited;
  };
  return { ask, stop };
}

interface Place {
  readonly order: WindowOrder;
  readonly estate: ChaosEstate;
  readonly ask: Ask;
  readonly receipt: number;
}

/** One of the sessions wakes up at a random moment around the end of all of them. */
async function addTrial(run: Run, { order, estate, ask, receipt }: Place): Promise<void> {
  const { kind, victims } = order;
  const { ids } = await ask({ kind, login: estate.shop, open: victims });
  const end = await run.way.prepare(ids);
  const spreadUs = (run.endUs.length === 0 ? guessUs * victims : medianOf(run.endUs)) + 2 * marginUs;
  const start = process.hrtime.bigint() + leadNs;
  const at = start + BigInt(Math.round((Math.random() * spreadUs - marginUs) * 1_000));
  const woken = ask({ kind, wake: Math.floor(Math.random() * victims), at: String(at), receipt });
  await until(start);
  const [, ms] = await timed(end);
  const { isAnswered } = await woken;
  if (!isAnswered && (await run.way.receipt(works[kind].receipt(0))) === receipt) run.lost += 1;
  run.spreadUs.push(spreadUs);
  run.endUs.push(ms * 1_000);
}
