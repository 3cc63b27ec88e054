import type { NotifySettings } from '../../../functions/contract/event.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import type { Report } from '../../../functions/core/model/report.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import { type SweepFacts, toReport } from '../../../functions/core/to-report.ts';
import { buildPolicy, buildSession, buildSnapshot, minute } from '../build-session.ts';

/** A session that waits and is at work on it. */
export function waiter(id: string, overrides: Partial<Session> = {}): Session {
  return buildSession({
    id,
    state: 'active',
    stateMs: minute,
    waitsForLock: true,
    waitingMs: null,
    ...overrides,
  });
}

/** A session in a transaction, at rest for a minute, that keeps these waiting for so long. */
export function holder(id: string, waiters: readonly (readonly [id: string, ms: number | null])[]): Session {
  return buildSession({
    id,
    state: 'idle in transaction',
    stateMs: 6 * minute,
    transactionMs: 7 * minute,
    statement: 'UPDATE stock SET amount = ?',
    blocks: waiters.map(([waiting, waitingMs]) => ({ id: waiting, waitingMs })),
  });
}

const noRules = buildPolicy([{ match: { user: 'nobody-of-that-name' } }]);

/** The report of a sweep that looked at this, and did nothing unless it is said otherwise. */
export function reportOf(
  sessions: readonly Session[],
  overrides: Partial<Snapshot> = {},
  facts: Partial<SweepFacts> & { readonly policy?: typeof noRules } = {},
): Report {
  const before = buildSnapshot(sessions, overrides);
  const { policy = noRules, ...more } = facts;
  return toReport({
    sweepId: 'sweep-1',
    mode: 'enforce',
    startedAt: before.takenAt,
    target: { name: 'orders', engine: before.engine },
    lockedOut: false,
    before,
    plan: decide(before, policy),
    outcomes: [],
    after: null,
    fault: null,
    ...more,
  });
}

export const notifySettings: NotifySettings = {
  when: 'change',
  coolDownMs: 6 * 3_600_000,
  waitingMs: 30_000,
  nearlyFull: 0.8,
};
