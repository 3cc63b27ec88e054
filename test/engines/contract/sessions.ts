import { onTestFinished } from 'vitest';
import type { Session } from '../../../functions/core/model/session.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import type { ControlConnection, Login, WaitLimits } from '../../../functions/engines/engine.ts';
import type { Adapter, Granted, TestSession } from './adapter.ts';

/** Limits that only a broken server reaches. */
export const generous: WaitLimits = { connectMs: 20_000, statementMs: 20_000 };

/** A signal that nobody aborts. */
export const never = new AbortController().signal;

/** A control connection that is closed when the test ends. */
export async function connectTo(
  adapter: Adapter,
  login: Login,
  limits: WaitLimits = generous,
  signal: AbortSignal = never,
): Promise<ControlConnection> {
  const control = await adapter.engine.connect(login, limits, signal);
  onTestFinished(() => control.close());
  return control;
}

/** A control connection of a new account. */
export async function controlOf(
  adapter: Adapter,
  granted: Granted = 'see and end',
): Promise<ControlConnection> {
  return connectTo(adapter, await adapter.createLogin(granted));
}

/** An application's session that is closed when the test ends. */
export async function openSession<As, S extends TestSession>(
  adapter: { open(as?: As): Promise<S> },
  as?: As,
): Promise<S> {
  const session = await adapter.open(as);
  onTestFinished(() => session.close());
  return session;
}

/** What the snapshot says of a session; fails the test when it does not show it. */
export function find(snapshot: Snapshot, { id }: { readonly id: string }): Session {
  const found = snapshot.sessions.find((session) => session.id === id);
  if (!found) throw new Error(`the snapshot does not show session ${id}`);
  return found;
}

/** Resolves when the condition holds; fails after thirty seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((done) => setTimeout(done, 5)))
    if (await condition()) return;
  throw new Error(`waited thirty seconds in vain: ${what}`);
}

/** The error that the promise rejects with. */
export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}
