import type { SoftProtection } from '../../../contract/policy.ts';
import type { Session } from '../../model/session.ts';
import type { KillScope, Snapshot } from '../../model/snapshot.ts';

/** The protections no configuration lifts. */
export type HardProtection =
  'unleak' | 'replication' | 'background' | 'superuser' | 'provider' | 'rights' | 'missing-fact';

/** A protection that is asked of a session, in the order of the list; a missing fact is found by the one that needs it. */
export type AskedProtection = Exclude<HardProtection, 'missing-fact'> | SoftProtection | 'policy';

/** A reason never to touch a session. */
export interface Protection {
  readonly name: HardProtection | SoftProtection | 'policy';
  /** Which was asked when this was found: another than `name` where a fact is missing, null where another session of its process is the cause. */
  readonly asked: AskedProtection | null;
  readonly reason: string;
}

/** `yes`: it speaks for the session, for this reason. `unknown`: the fact that it needs could not be read. */
export interface Answer {
  readonly answer: 'yes' | 'unknown';
  readonly reason: string;
}

/** One protection that no configuration lifts; null where it does not speak for the session. */
export interface HardCheck {
  readonly name: Exclude<HardProtection, 'missing-fact'>;
  ask(session: Session, killScope: KillScope | undefined): Answer | null;
}

/** One protection that a policy can lift by its name. */
export interface SoftCheck {
  readonly name: SoftProtection;
  ask(session: Session): Answer | null;
  /** Whether it speaks for the work of a whole process, and so spares this other session of it too. */
  spreadsTo?(other: Session, engine: Snapshot['engine']): boolean;
}

/** The answer of a protection that surely speaks for a session. */
export function yes(reason: string): Answer {
  return { answer: 'yes', reason };
}

/** The answer where a fact could not be read: when in doubt, leave it alone. */
export function unknown(fact: string): Answer {
  return { answer: 'unknown', reason: `${fact} could not be read; when in doubt, it is left alone` };
}

/** The answer that one fact of a session gives. */
export function askFact(fact: boolean | null, reason: string): Answer | null {
  if (fact === null) return unknown(`whether it ${reason}`);
  return fact ? yes(reason) : null;
}
