import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerKind } from '../../cli/servers/local-server.ts';
import { openMysqlApp, openPostgresApp } from '../chaos/app-connection.ts';
import { type ChaosEstate, openEstate } from '../chaos/estate.ts';
import { works } from '../chaos/work.ts';
import { medianOf, timed } from '../load/measure.ts';
import { type FromSleepers, type ToSleepers } from './sleeper-process.ts';
import { until } from './until.ts';
import { type Way, waysFor } from './ways.ts';

/** How long a session that wakes up may still be ended by one way of ending. */
export interface WindowResult {
  readonly way: string;
  readonly victims: number;
  readonly trials: number;
  /** The server had begun the statement, and the session was ended all the same. */
  readonly lost: number;
  /** The share that was lost, times the stretch over which the moments of waking up were spread. */
  readonly windowUs: number;
  /** One session, when all of the batch are ended. */
  readonly endUs: number;
}

const leadNs = 4_000_000n;
const marginUs = 500;

/** Tries all ways of ending on one server, in turns, so that the machine's noise meets all of them alike. */
export async function runWindow(
  kind: ServerKind,
  trials: number,
  victims: number,
  bystanders: number,
): Promise<readonly WindowResult[]> {
  const estate = await openEstate(kind, victims + bystanders + 10);
  const child = fork(fileURLToPath(new URL('sleeper-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  const exited = once(child, 'exit');
  const open = kind === 'postgres' ? openPostgresApp : openMysqlApp;
  const others = await Promise.all(
    Array.from({ length: bystanders }, () => open(estate.shop, () => undefined)),
  );
  const ask = async (message: ToSleepers) => {
    const answer = once(child, 'message') as Promise<[FromSleepers]>;
    child.send(message);
    return (await answer)[0];
  };
  const ways = await waysFor(kind, estate);
  try {
    const runs = ways.map((way) => ({ way, lost: 0, spreadUs: [] as number[], endUs: [] as number[] }));
    // The first turn is not counted: it tells how long an end takes.
    for (let turn = 0; turn <= trials; turn += 1)
      for (const [index, run] of runs.entries()) {
        const spreadUs = medianOf(run.endUs.length === 0 ? [5_000] : run.endUs) + 2 * marginUs;
        const receipt = turn * runs.length + index + 1;
        const trial = await tryOnce({ kind, estate, victims, ask, way: run.way, spreadUs, receipt });
        run.endUs.push(trial.tookUs);
        if (turn === 0) continue;
        run.spreadUs.push(spreadUs);
        run.lost += trial.isLost ? 1 : 0;
      }
    return runs.map(({ way, lost, spreadUs, endUs }) => ({
      ...{ way: way.name, victims, trials, lost },
      windowUs: (lost / trials) * (spreadUs.reduce((sum, each) => sum + each, 0) / trials),
      endUs: medianOf(endUs) / victims,
    }));
  } finally {
    for (const way of ways) await way.close();
    for (const other of others) other.close();
    child.disconnect();
    await exited;
    await estate.server.stop();
  }
}

interface Trial {
  readonly kind: ServerKind;
  readonly estate: ChaosEstate;
  readonly victims: number;
  readonly way: Way;
  readonly spreadUs: number;
  readonly receipt: number;
  ask(message: ToSleepers): Promise<FromSleepers>;
}

/** One of the sessions wakes up at a random moment around the end of all of them. */
async function tryOnce({ kind, estate, victims, way, spreadUs, receipt, ask }: Trial) {
  const opened = await ask({ kind, login: estate.shop, open: victims });
  const ids = 'ids' in opened ? opened.ids : [];
  const end = await way.prepare(ids);
  const start = process.hrtime.bigint() + leadNs;
  const at = start + BigInt(Math.round((Math.random() * spreadUs - marginUs) * 1_000));
  const woken = ask({ wake: Math.floor(Math.random() * victims), at: String(at), receipt });
  await until(start);
  const [, ms] = await timed(end);
  const answer = await woken;
  const isAnswered = 'answered' in answer && answer.answered;
  const isLost = !isAnswered && (await way.receipt(works[kind].receipt(0))) === receipt;
  return { tookUs: ms * 1_000, isLost };
}
