import type { Attempt } from './model/attempt.ts';
import type { Chosen } from './model/plan.ts';
import type { Session } from './model/session.ts';
import type { Snapshot } from './model/snapshot.ts';

/**
 * What verification found of a chosen session:
 * - `terminated`, `cancelled`: signalled and seen to be gone, or its statement gone;
 * - `already gone`, `changed`: it left, or was used again, before the signal, so it was left alone;
 * - `late`: the server was too busy to be sure that it is still unused at the moment of the signal, so it was left alone;
 * - `refused`: the server refused, with its code;
 * - `survived`: signalled and still there, for instance while a long transaction rolls back;
 * - `still running`: its statement was cancelled and runs on: a cancel cannot interrupt a session that waits for its client, and
 *   a program may catch it;
 * - `skipped`: time ran out before its turn; `unverified`: signalled, or perhaps signalled, but
 *   there was no verification; or the server said that it is gone and it is not.
 */
export type Result =
  | 'terminated'
  | 'cancelled'
  | 'already gone'
  | 'changed'
  | 'late'
  | 'refused'
  | 'survived'
  | 'still running'
  | 'skipped'
  | 'unverified';

/** The result for one chosen session; `code` and `message` are the server's own when it refused. */
export interface Outcome {
  readonly session: Session;
  readonly rule: string | null;
  readonly result: Result;
  readonly code: string | null;
}

/** Compares what was attempted with the second snapshot; null stands for one that could not be had. */
export function verify(
  chosen: readonly Chosen[],
  attempts: readonly Attempt[],
  after: Snapshot | null,
): readonly Outcome[] {
  const attemptOf = new Map(attempts.map((attempt) => [attempt.id, attempt]));
  const seenAgain = after && new Map(after.sessions.map((session) => [session.id, session]));
  return chosen.map((decision) => {
    const attempt = attemptOf.get(decision.session.id);
    const now = seenAgain?.get(decision.session.id);
    const result = resultOf(decision, attempt, seenAgain === null ? 'not looked' : (now ?? null));
    const code = attempt?.result === 'refused' ? attempt.code : null;
    return { session: decision.session, rule: decision.rule, result, code };
  });
}

/** The chosen sessions that were signalled and that a later look still shows, or whose statement it still shows. */
export function survivors(chosen: readonly Chosen[], attempts: readonly Attempt[], after: Snapshot): number {
  return verify(chosen, attempts, after).filter(
    ({ result }) => result === 'survived' || result === 'still running',
  ).length;
}

function resultOf(
  decision: Chosen,
  attempt: Attempt | undefined,
  now: Session | null | 'not looked',
): Result {
  if (!attempt) return 'skipped';
  switch (attempt.result) {
    case 'gone':
      return isConnected(decision.session, now) ? 'unverified' : 'already gone';
    case 'changed':
    case 'late':
    case 'refused':
      return attempt.result;
    case 'unknown':
      return 'unverified';
    case 'signalled':
      return now === 'not looked' ? 'unverified' : signalled(decision, now);
  }
}

function isConnected({ identity }: Session, now: Session | null | 'not looked'): now is Session {
  return now !== null && now !== 'not looked' && now.identity.connection === identity.connection;
}

function signalled({ session, verdict }: Chosen, now: Session | null): Result {
  const connected = isConnected(session, now);
  if (verdict === 'terminate') return connected ? 'survived' : 'terminated';
  return connected && isSameStatement(session, now) ? 'still running' : 'cancelled';
}

function isSameStatement(before: Session, now: Session): boolean {
  const keys = Object.keys(before.identity);
  return now.state === 'active' && keys.every((key) => now.identity[key] === before.identity[key]);
}
