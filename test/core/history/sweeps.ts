import type { Session } from '../../../functions/core/model/session.ts';
import { chosenOf } from '../../../functions/core/model/plan.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { emptyHistory, type History, observe } from '../../../functions/core/history/history.ts';
import type { Observation } from '../../../functions/core/history/observation.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import type { Outcome, Result } from '../../../functions/core/verify.ts';
import { buildPolicy, buildSession, buildSnapshot } from '../build-session.ts';

/** 2026-01-01T00:00:00Z. */
export const startMs = 1_767_225_600_000;
export const minute = 60_000;
const leaks = buildPolicy([{ name: 'leak', for: '10m' }]);

/** A dry run, so many minutes after the start, that chooses whatever has been idle for ten minutes. */
export function sweepAt(
  minutes: number,
  sessions: readonly Session[],
  more: Partial<Observation> & { readonly server?: Partial<Snapshot> } = {},
): Observation {
  const { server, ...rest } = more;
  const before = buildSnapshot(sessions, { startedAt: '2025-12-01T00:00:00.000Z', ...server });
  const chosen = chosenOf(decide(before, leaks));
  return {
    sweepId: `sweep-${minutes}`,
    atMs: startMs + minutes * minute,
    mode: 'dry-run',
    policy: 'p1',
    before,
    chosen,
    outcomes: [],
    ...rest,
  };
}

/** The same, enforced, every chosen session with this result. */
export function enforcedAt(
  minutes: number,
  sessions: readonly Session[],
  result: Result = 'terminated',
): Observation {
  const sweep = sweepAt(minutes, sessions, { mode: 'enforce' });
  const outcomes = sweep.chosen.map(({ session, rule }): Outcome => ({ session, rule, result, code: null }));
  return { ...sweep, outcomes };
}

/** A session that has been idle for so many minutes; `use` changes with every use. */
export function resting(id: string, minutes: number, use = 'u1', more: Partial<Session> = {}): Session {
  return buildSession({
    id,
    stateMs: minutes * minute,
    identity: { connection: `c-${id}`, stateChange: use },
    ...more,
  });
}

/** The history after these sweeps, from none. */
export function observeAll(sweeps: readonly Observation[], from: History = emptyHistory): History {
  return sweeps.reduce((history, sweep) => observe(history, sweep).history, from);
}
