import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { type Policy, policySchema } from '../../functions/contract/policy.ts';
import type { SweepEventInput } from '../../functions/contract/event.ts';
import type { Session } from '../../functions/core/model/session.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import type { Decision, Verdict } from '../../functions/core/model/plan.ts';

/** A policy as people write it. */
export type PolicyInput = SweepEventInput['policy'];
export type RuleInput = Exclude<PolicyInput['rules'][number], { preset: string }>;

export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;

/** An ordinary web session, idle for an hour on a connection two hours old, that nothing protects. */
export function buildSession(overrides: Partial<Session> = {}): Session {
  const id = overrides.id ?? '1';
  return {
    id,
    identity: { connection: `connection-${id}`, stateChange: `change-${id}` },
    kind: 'client',
    user: 'app',
    database: 'orders',
    application: 'web',
    client: '10.0.0.7',
    state: 'idle',
    stateMs: hour,
    openMs: 2 * hour,
    transactionMs: 0,
    statement: 'SELECT ?',
    superuser: false,
    listening: false,
    backingUp: false,
    advisoryLock: false,
    tableLock: false,
    xa: false,
    temporaryTable: false,
    waitsForLock: false,
    waitingMs: 0,
    waitsForClient: false,
    serverState: null,
    blocks: [],
    attributes: {},
    tags: {},
    ...overrides,
  };
}

/** As many sessions as there are overrides, numbered from 1 unless they say otherwise. */
export function buildSessions(overrides: readonly Partial<Session>[]): Session[] {
  return overrides.map((override, index) => buildSession({ id: String(index + 1), ...override }));
}

/** A server of 100 slots, 3 of them reserved, that holds these sessions. */
export function buildSnapshot(sessions: readonly Session[], overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    engine: 'postgres',
    version: '18.4',
    takenAt: '2026-01-01T00:00:00.000Z',
    capacity: { maxConnections: 100, reserved: 3, used: sessions.length, limits: [] },
    sessions,
    missing: [],
    ...overrides,
  };
}

/** A rule that takes every idle session, and what the test changes about it. */
export function buildRule(overrides: Partial<RuleInput> = {}): RuleInput {
  return { name: 'leak', state: 'idle', for: '1s', ...overrides };
}

/** The policy read from its written form, with caps that stay out of the way unless the test names some. */
export function buildPolicy(rules: readonly Partial<RuleInput>[], more: Partial<PolicyInput> = {}): Policy {
  const named = rules.map((rule, index) => buildRule({ name: `rule-${index + 1}`, ...rule }));
  const written = policySchema.parse({ caps: { perSweep: 10_000, share: '100%' }, ...more, rules: named });
  return expandPolicy(written, 'postgres');
}

/** The decision about the only session there is. */
export function decideOne(session: Session, policy: Policy): Decision {
  const [decision] = decide(buildSnapshot([session]), policy).decisions;
  if (!decision) throw new Error('no decision');
  return decision;
}

/** Verdicts by session id. */
export function verdictsOf(snapshot: Snapshot, policy: Policy): Record<string, Verdict> {
  return Object.fromEntries(
    decide(snapshot, policy).decisions.map((decision) => [decision.session.id, decision.verdict]),
  );
}

/** The ids with this verdict, in the plan's order. */
export function idsWith(verdict: Verdict, snapshot: Snapshot, policy: Policy): string[] {
  return decide(snapshot, policy)
    .decisions.filter((decision) => decision.verdict === verdict)
    .map((decision) => decision.session.id);
}
