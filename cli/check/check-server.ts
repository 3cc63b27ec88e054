import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { findSweepLock } from '../../functions/core/findings/sweep-lock.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { MissingPrivilege, KillScope, Snapshot } from '../../functions/core/model/snapshot.ts';
import { usableSlots } from '../../functions/core/model/snapshot.ts';
import type { ControlConnection } from '../../functions/engines/engine.ts';
import { logIn } from '../../functions/flow/log-in.ts';
import type { ResolvedTarget } from '../target/resolved-target.ts';
import { describeFault } from '../describe-fault.ts';
import { createParts } from '../target/sweep-parts.ts';
import { createOpenDeadline } from '../terminal/open-deadline.ts';
import { checkProtections } from './check-protections.ts';
import { fail, type Layer, type LayerName, ok, warn } from './layer.ts';

/** Login, what it sees and may end, slots, the lock, and what protects whom: by the engine that a sweep uses. */
export async function* checkServer(
  resolved: ResolvedTarget,
  user: string,
  signal: AbortSignal,
): AsyncGenerator<Layer> {
  const connected = await attempt('login', () =>
    logIn(resolved.target, createParts(resolved, createOpenDeadline(signal))),
  );
  if (!('value' in connected)) {
    yield connected.broken;
    return;
  }
  const { control } = connected.value;
  try {
    yield ok('login', `logged in as ${cleanText(user)}, as a sweep does`);
    const looked = await attempt('see', () => control.snapshot());
    if (!('value' in looked)) {
      yield looked.broken;
      yield await checkLock(control); // needs no look at the sessions
      return;
    }
    yield* checkKillScope(looked.value);
    yield checkSlots(looked.value);
    yield await checkLock(control);
    const policy = resolved.policy && expandPolicy(resolved.policy.policy, looked.value.engine);
    yield checkProtections(looked.value, policy);
  } finally {
    await control.close();
  }
}

type Attempted<T> = { readonly value: T } | { readonly broken: Layer };

async function attempt<T>(layer: LayerName, work: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Fault) return { broken: fail(layer, describeFault(error)) };
    throw error;
  }
}

function* checkKillScope({ missing, sessions, killScope }: Snapshot): Generator<Layer> {
  const hidden = missing.filter(({ prevents }) => prevents === 'seeing');
  const blurred = missing.filter(({ prevents }) => prevents === 'detail');
  const clients = sessions.filter(({ kind }) => kind === 'client').length;
  const sees = `sees ${clients} client sessions`;
  if (hidden.length > 0) yield fail('see', `it cannot see ${listOf(hidden)}`, fixOf(hidden));
  else if (blurred.length > 0) yield warn('see', `${sees}, but not ${listOf(blurred)}`, fixOf(blurred));
  else yield ok('see', `${sees}, with all their facts`);
  const powerless = missing.filter(({ prevents }) => prevents === 'ending');
  if (powerless.length > 0) yield fail('end', `it lacks ${listOf(powerless)}`, fixOf(powerless));
  else if (killScope) yield describeKillScope(killScope);
  else yield ok('end', 'may end sessions of others');
}

function describeKillScope({ users, butNot }: KillScope): Layer {
  const whose = `may end sessions of ${cleanText(users.join(', '), 300)}, and no one else’s`;
  if (butNot.length === 0) return ok('end', whose);
  const but = butNot.length === 1 ? '1 session of theirs' : `${butNot.length} sessions of theirs`;
  return warn('end', `${whose}; not ${but}, which may be of another account of that name`, grantsForUsers);
}

const grantsForUsers = 'name each account, host and all: npx unleak grants --for shop shop@localhost';

function listOf(missing: readonly MissingPrivilege[]): string {
  return cleanText(missing.map(({ what }) => what).join('; '), 600);
}

function fixOf(missing: readonly MissingPrivilege[]): string {
  return cleanText(missing.map(({ grant }) => grant).join('; '), 2_000);
}

function checkSlots({ capacity, engine }: Snapshot): Layer {
  const { used, reserved, maxConnections } = capacity;
  const slots = usableSlots(capacity);
  const says = `${used} of ${slots} ordinary slots taken, ${reserved} of ${maxConnections} reserved`;
  if (used < slots) return ok('slots', says);
  return warn('slots', says, engine === 'postgres' ? wayIn.postgres : wayIn.mysql);
}

const wayIn = {
  postgres:
    'From PostgreSQL 16: reserved_connections = 2, and GRANT pg_use_reserved_connections to the login',
  mysql: 'One extra slot is kept for a login with CONNECTION_ADMIN, and root shares it',
} as const;

async function checkLock(control: ControlConnection): Promise<Layer> {
  const locked = await attempt('lock', () => control.watchLock());
  if (!('value' in locked)) return locked.broken;
  const { isTaken } = locked.value;
  const [first] = findSweepLock(locked.value);
  if (!first) return ok('lock', 'free, so no other sweep is running');
  const { title, evidence, advice } = first;
  return warn('lock', `${isTaken ? 'free, but: ' : ''}${title} ${evidence}`, advice);
}
