import type { Session } from '../model/session.ts';
import type { Refill } from './ledger.ts';
import { isEnded, type Observation } from './observation.ts';
import { programKey, programOf } from './program.ts';

/** So many endings are kept, of all programs together. */
export const mostRefills = 40;
/** A pool opens anew what it lost within so many milliseconds, and within a fifth of the time to the next sweep; a leak needs its time. */
const atOnceMs = 60_000;
const atOnceShare = 1 / 5;
/** Between our clock and the server's look. */
const slackMs = 5_000;

/** Counts what was opened again after the last ending, and adds the ends of this sweep. */
export function followRefills(refills: readonly Refill[], sweep: Observation): readonly Refill[] {
  const counted = refills.map((refill) =>
    refill.reopened === null && sweep.atMs > refill.atMs
      ? { ...refill, reopened: countReopened(refill, sweep) }
      : refill,
  );
  return [...counted, ...toRefills(sweep)].slice(-mostRefills);
}

function countReopened(refill: Refill, { before, atMs }: Observation): number {
  const key = programKey({ user: refill.user, application: refill.application });
  const sinceMs = atMs - refill.atMs;
  return before.sessions.filter(
    (session) =>
      session.kind === 'client' && programKey(programOf(session)) === key && isOpenedAtOnce(session, sinceMs),
  ).length;
}

/** MySQL keeps no time of connection: there it is what has rested ever since, as the spare connections of a pool do. */
function isOpenedAtOnce({ openMs, stateMs }: Session, sinceMs: number): boolean {
  const ageMs = openMs ?? stateMs;
  const soonMs = Math.min(atOnceMs, sinceMs * atOnceShare);
  return ageMs !== null && ageMs >= sinceMs - soonMs && ageMs <= sinceMs + slackMs;
}

function toRefills({ outcomes, atMs }: Observation): readonly Refill[] {
  const refills = new Map<string, Refill>();
  for (const outcome of outcomes) {
    if (outcome.result !== 'terminated' || !isEnded(outcome)) continue;
    const program = programOf(outcome.session);
    const rule = outcome.rule ?? '';
    const key = `${rule} ${programKey(program)}`;
    const ended = (refills.get(key)?.ended ?? 0) + 1;
    refills.set(key, { ...program, atMs, rule, ended, reopened: null });
  }
  return [...refills.values()];
}
