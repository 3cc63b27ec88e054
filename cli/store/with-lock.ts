import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A write takes milliseconds: whoever holds a lock for longer was killed. */
const longestMs = 10_000;
const pauseMs = 10;

/** Does some work while no other process does any on the same path; a lock that a killed process left is taken over. */
export async function withLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const token = `${process.pid} ${hostname()} ${randomUUID()}`;
  while (!(await take(lock, token))) {
    await removeStale(lock);
    await wait(pauseMs * (0.5 + Math.random()), undefined, { signal });
  }
  try {
    await removeUnfinished(path);
    return await work();
  } finally {
    await unlink(lock).catch(() => undefined); // somebody took it over
  }
}

async function take(lock: string, token: string): Promise<boolean> {
  try {
    await writeFile(lock, token, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes away the lock of a process that is no more. It is moved first, so that of two who see it only one does. */
async function removeStale(lock: string): Promise<void> {
  try {
    const token = await readFile(lock, 'utf8');
    if (isAlive(token) && !(await isOld(lock))) return;
    const moved = `${lock}.${randomUUID().slice(0, 8)}`;
    await rename(lock, moved);
    // Another one was quicker, and this is its new lock: it gets it back.
    if ((await readFile(moved, 'utf8')) === token) await unlink(moved);
    else await rename(moved, lock);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error; // freed meanwhile
  }
}

/** An empty lock is being written just now, or was left by one killed in between; of other hosts nobody here knows. */
function isAlive(token: string): boolean {
  const [pid = '', host] = token.split(' ');
  if (!/^\d+$/.test(pid) || host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

async function isOld(file: string): Promise<boolean> {
  return Date.now() - (await stat(file)).mtimeMs > longestMs;
}

/** What killed writers of this path left behind. */
async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  const begin = `.${basename(path)}.`;
  const left = (await readdir(folder)).filter((name) => name.startsWith(begin) && !name.includes('.lock'));
  for (const name of left) await unlink(join(folder, name)).catch(() => undefined); // gone by itself
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
