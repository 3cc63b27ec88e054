import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { ServerKind } from '../../servers/local-server.ts';
import type { AppLogin } from '../chaos/app-connection.ts';
import type { Contender } from './contender.ts';
import { openCrowd } from './crowd.ts';

/** From the start of the program until the last session's own client has seen its end, and until the program itself has ended. */
export interface Lap {
  readonly allGoneMs: number;
  readonly exitMs: number;
  readonly exitCode: number | null;
}

/** What a lap needs. */
export interface Course {
  readonly kind: ServerKind;
  readonly shop: AppLogin;
  readonly sessions: number;
  /** How long all of them have slept at least when the program starts. */
  readonly idleMs: number;
}

/** A program that has ended has sent its last signal; what is still open so long after that stays open. */
const graceMs = 15_000;

/** Opens the sessions, lets them sleep, and lets one program end them. */
export async function runLap(course: Course, { command, args, env }: Contender): Promise<Lap> {
  const { kind, shop, sessions, idleMs } = course;
  const crowd = await openCrowd({ kind, login: shop, sessions });
  try {
    await wait(idleMs + 200);
    const start = process.hrtime.bigint();
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', process.env['UNLEAK_BENCH_ERRORS'] ? 'inherit' : 'ignore'],
    });
    const exited = once(child, 'exit').then(() => process.hrtime.bigint());
    const exitedAt = await exited;
    const closedAt = await crowd.closedAt(graceMs);
    return {
      allGoneMs: closedAt === null ? Infinity : toMs(closedAt - start),
      exitMs: toMs(exitedAt - start),
      exitCode: child.exitCode,
    };
  } finally {
    await crowd.stop();
  }
}

const toMs = (ns: bigint) => Number(ns) / 1e6;
