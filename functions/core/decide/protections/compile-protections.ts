import type { Policy } from '../../../contract/policy.ts';
import type { Session } from '../../model/session.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { advisoryLock } from './advisory-lock.ts';
import { background } from './background.ts';
import { backup } from './backup.ts';
import { changeDataCapture } from './change-data-capture.ts';
import { listen } from './listen.ts';
import { migration } from './migration.ts';
import { compileOwn } from './own.ts';
import { pooler } from './pooler.ts';
import type { Answer, AskedProtection, HardCheck, Protection, SoftCheck } from './protection.ts';
import { provider } from './provider.ts';
import { replication } from './replication.ts';
import { killScope } from './rights.ts';
import { compileSpreading } from './spreading.ts';
import { superuser } from './superuser.ts';
import { tableLock } from './table-lock.ts';
import { temporaryTable } from './temporary-table.ts';
import { unleak } from './unleak.ts';
import { xa } from './xa.ts';

/** What no configuration lifts, in the order in which it is asked. */
const hardChecks: readonly HardCheck[] = [unleak, replication, background, provider, superuser, killScope];

/** What a policy can lift by name, in the order in which it is asked. */
const softChecks: readonly SoftCheck[] = [
  ...[listen, advisoryLock, tableLock, xa, temporaryTable],
  ...[backup, migration, changeDataCapture, pooler],
];

/** Asks every protection about a session; null when none speaks for it. */
export type ProtectionOf = (session: Session) => Protection | null;

/** The part of a snapshot that protections depend on beside the session itself. */
export type Surroundings = Pick<Snapshot, 'sessions' | 'engine' | 'killScope'>;

/**
 * Compiles a policy's protections: the hard ones always, the soft ones unless lifted, the policy's own; last what the protection of
 * another session of the same client process spreads to. What surely protects comes before a doubt.
 */
export function compileProtections(policy: Policy, snapshot: Surroundings): ProtectionOf {
  const soft = softOf(policy);
  const askOwn = compileOwn(policy.protect);
  const spread = compileSpreading(snapshot, soft);
  return (session) =>
    askHard(session, snapshot.killScope) ?? askSoft(session, soft) ?? own(askOwn(session)) ?? spread(session);
}

/** The names of the protections that a policy asks for, in the order in which they are asked. */
export function protectionOrder(policy: Policy, snapshot: Pick<Snapshot, 'killScope'>): AskedProtection[] {
  const hard = hardChecks.filter(({ name }) => name !== 'rights' || snapshot.killScope !== undefined);
  return [
    ...[...hard, ...softOf(policy)].map(({ name }) => name),
    ...(policy.protect.length > 0 ? ['policy' as const] : []),
  ];
}

function softOf(policy: Policy): readonly SoftCheck[] {
  return softChecks.filter(({ name }) => !policy.lift.includes(name));
}

function askHard(session: Session, allowed: Snapshot['killScope']): Protection | null {
  for (const check of hardChecks) {
    const found = check.ask(session, allowed);
    const { name } = check;
    if (found)
      return { name: found.answer === 'yes' ? name : 'missing-fact', asked: name, reason: found.reason };
  }
  return null;
}

/** A soft protection in doubt keeps its name, since lifting it ends the doubt. */
function askSoft(session: Session, checks: readonly SoftCheck[]): Protection | null {
  let doubt: Protection | null = null;
  for (const check of checks) {
    const found = check.ask(session);
    const { name } = check;
    if (found?.answer === 'yes') return { name, asked: name, reason: found.reason };
    if (found) doubt ??= { name, asked: name, reason: found.reason };
  }
  return doubt;
}

function own(found: Answer | null): Protection | null {
  if (found === null) return null;
  const name = found.answer === 'yes' ? 'policy' : 'missing-fact';
  return { name, asked: 'policy', reason: found.reason };
}
