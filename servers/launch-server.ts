import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetProcess, isEndedAtExit } from './at-exit.ts';
import { endProcess } from './end-process.ts';
import { findFreePort } from './free-port.ts';
import type { LocalServer } from './local-server.ts';
import { isRunning } from './process-state.ts';
import { lastLines } from './program.ts';
import { removeFolder } from './server-folder.ts';
import type { ServerPlan, ServerProcess } from './server-plan.ts';

const ATTEMPTS = 5;
const POLL_MS = 20;
const READY_MS = 60_000;

/** Starts a server on a free port and resolves once it answers; takes another port if somebody else was quicker. */
export async function launchServer(plan: ServerPlan, signal?: AbortSignal): Promise<LocalServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOn(await findFreePort(), plan, signal);
    } catch (error) {
      if (attempt === ATTEMPTS || !isAddressInUse(error)) throw error;
    }
  }
}

async function launchOn(port: number, plan: ServerPlan, signal?: AbortSignal): Promise<LocalServer> {
  const started = await plan.spawn(port);
  try {
    const version = await waitForAnswer(port, plan, started, signal);
    return toLocalServer(port, version, plan, started);
  } catch (error) {
    await endServer(started, plan);
    throw error;
  }
}

async function waitForAnswer(
  port: number,
  plan: ServerPlan,
  started: ServerProcess,
  signal?: AbortSignal,
): Promise<string> {
  const end = Date.now() + READY_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (!isRunning(started.pid)) throw toStartError(plan, 'ended while starting', started);
    try {
      return await plan.askVersion(port, started);
    } catch (cause) {
      if (Date.now() > end)
        throw toStartError(plan, `gave no answer in ${READY_MS / 1000} s`, started, cause);
    }
    await sleep(POLL_MS);
  }
}

function toStartError(plan: ServerPlan, what: string, started: ServerProcess, cause?: unknown): Error {
  const log = lastLines(readLog(started));
  return new Error(`the ${plan.kind} server ${what}; its log ends with:\n${log}`, { cause });
}

// The servers tell it in their logs only, and the end of the log is part of the message.
function isAddressInUse(error: unknown): boolean {
  return (
    error instanceof Error &&
    /address already in use|could not bind|only one usage of each socket/i.test(error.message)
  );
}

function toLocalServer(port: number, version: string, plan: ServerPlan, started: ServerProcess): LocalServer {
  const { kind, adminUser, adminPassword } = plan;
  const { pid, dataFolder } = started;
  let stopping: Promise<void> | undefined;
  return {
    ...{ kind, version, host: '127.0.0.1', port, adminUser, adminPassword, pid, dataFolder },
    recentLog: () => lastLines(readLog(started)),
    stop: () => (stopping ??= endServer(started, plan).then(() => removeFolder(plan.folder))),
  };
}

async function endServer({ pid, ownFolder }: ServerProcess, plan: ServerPlan): Promise<void> {
  // One that ended by itself long ago may have left its number to a stranger.
  if (isEndedAtExit(pid)) await endProcess(pid, plan.ending);
  forgetProcess(pid);
  if (ownFolder) await removeFolder(ownFolder);
}

function readLog({ logFile }: ServerProcess): string {
  try {
    return readFileSync(logFile, 'utf8');
  } catch {
    return '(no log)';
  }
}
