import { setTimeout as wait } from 'node:timers/promises';
import type { AppConnection, AppLogin, OpenApp } from './app-connection.ts';
import { judge, type Judgement, type SessionEnd } from './judge.ts';
import { type Pauses, toPauseMs } from './pauses.ts';
import type { Work } from './work.ts';

/** What a session needs of its fleet. */
export interface SessionParts extends Pauses {
  readonly open: OpenApp;
  readonly login: AppLogin;
  readonly work: Work;
  /** Whether the server began the statement with this number. */
  hasBegun(session: number, receipt: number): Promise<boolean>;
  committed(): void;
  loginFailed(error: unknown): void;
  /** With the last statement that was to end a pause. */
  ended(judgement: Judgement, end: SessionEnd, sql: string): void;
  isOver(): boolean;
}

/** The times of one connection, on the application's clock. */
interface Times {
  sentAt: number;
  lastSentAt: number;
  lastAnsweredAt: number;
  waitsFor: SessionEnd['waitsFor'];
  noticedAt: number | null;
  loggedInAt: number;
  transactions: number;
}

/** An application that works and pauses by turns, logs in anew when it is ended, and judges each of its ends. */
export async function runSession(session: number, parts: SessionParts): Promise<void> {
  let receipt = 0;
  // Not all at once: a fleet that moves in step would be ended in step.
  await wait(Math.random() * parts.thresholdMs);
  while (!parts.isOver()) {
    const times = timesFrom(performance.now());
    let wake = (): void => undefined;
    const connection = await logIn(parts, () => {
      times.noticedAt = performance.now();
      wake();
    });
    if (connection === null) continue;
    times.lastAnsweredAt = times.loggedInAt = performance.now();
    const sleep = (ms: number) =>
      new Promise<void>((resolve) => {
        if (times.noticedAt !== null) {
          resolve();
          return;
        }
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const ask = createAsk(connection, times);
    for (const sql of parts.work.first) await ask('working', sql).catch(() => undefined);
    while (times.noticedAt === null && !parts.isOver()) {
      await workOnce(session, (receipt += 1), ask, parts)
        .then(() => (times.transactions += 1))
        .catch(() => undefined);
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- an event sets it while we wait
      if (times.noticedAt === null) await sleep(toPauseMs(parts));
    }
    if (times.noticedAt === null) connection.close();
    else await report(session, receipt, times, times.noticedAt, parts);
  }
}

/** Null when the login failed, which nobody who ends sessions should be the cause of: it is counted. */
async function logIn(parts: SessionParts, onEnd: () => void): Promise<AppConnection | null> {
  try {
    return await parts.open(parts.login, onEnd);
  } catch (error) {
    parts.loginFailed(error);
    await wait(parts.thresholdMs / 20);
    return null;
  }
}

/** What the application sends first when it logs in counts as its first statement. */
function timesFrom(now: number): Times {
  const at = { sentAt: now, lastSentAt: now, lastAnsweredAt: now, loggedInAt: now };
  return { ...at, waitsFor: null, noticedAt: null, transactions: 0 };
}

type AskOne = (kind: 'waking' | 'working', sql: string) => Promise<void>;

function createAsk(connection: AppConnection, times: Times): AskOne {
  return async (kind, sql) => {
    times.sentAt = performance.now();
    times.waitsFor = kind;
    await connection.ask(sql);
    times.lastSentAt = times.sentAt;
    times.lastAnsweredAt = performance.now();
    times.waitsFor = null;
  };
}

async function workOnce(session: number, receipt: number, ask: AskOne, parts: SessionParts): Promise<void> {
  await ask('waking', parts.work.wake(session, receipt));
  for (const sql of parts.work.transaction(session)) await ask('working', sql);
  parts.committed();
}

async function report(
  session: number,
  receipt: number,
  times: Times,
  noticedAt: number,
  parts: SessionParts,
): Promise<void> {
  const { lastSentAt, lastAnsweredAt, waitsFor, sentAt, loggedInAt, transactions } = times;
  const hasBegun = waitsFor === 'waking' && (await parts.hasBegun(session, receipt));
  const end: SessionEnd = {
    noticedAt,
    lastSentAt,
    lastAnsweredAt,
    loggedInAt,
    transactions,
    waitsFor,
    hasBegun,
  };
  const sql = parts.work.wake(session, receipt);
  parts.ended(judge(end, parts.thresholdMs), waitsFor === null ? end : { ...end, lastSentAt: sentAt }, sql);
}
