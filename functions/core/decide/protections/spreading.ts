import type { Session } from '../../model/session.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Protection, SoftCheck } from './protection.ts';
import { isSameProcess } from './same-process.ts';

/** A session that a protection surely speaks for, and that protection: what it spares, it spares for its whole process. */
interface Cause {
  readonly session: Session;
  readonly check: SoftCheck;
  readonly reason: string;
}

/** Compiles what is spared because another session of its client process is: one part of a job is worth as little as none. */
export function compileSpreading(
  { sessions, engine }: Pick<Snapshot, 'sessions' | 'engine'>,
  checks: readonly SoftCheck[],
): (session: Session) => Protection | null {
  const causes = sessions
    .filter(({ kind }) => kind === 'client')
    .flatMap((session) => causesOf(session, checks));
  return (session) => {
    let perhaps: Protection | null = null;
    for (const cause of causes) {
      if (cause.session.id === session.id || cause.check.spreadsTo?.(session, engine) !== true) continue;
      const answer = isSameProcess(cause.session, session);
      if (answer === 'yes') return toProtection(cause, 'same process as');
      if (answer === 'unknown') perhaps ??= toProtection(cause, 'perhaps the same process as');
    }
    return perhaps;
  };
}

function causesOf(session: Session, checks: readonly SoftCheck[]): Cause[] {
  return checks.flatMap((check) => {
    if (check.spreadsTo === undefined) return [];
    const found = check.ask(session);
    return found?.answer === 'yes' ? [{ session, check, reason: found.reason }] : [];
  });
}

function toProtection({ session, check, reason }: Cause, how: string): Protection {
  return { name: check.name, asked: null, reason: `${how} ${session.id}, which ${reason}` };
}
