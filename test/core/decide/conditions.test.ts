import { describe, expect, it } from 'vitest';
import { ruleStates } from '../../../functions/contract/rule.ts';
import { longestWaitMs } from '../../../functions/core/decide/conditions/blocking.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import {
  buildPolicy,
  buildSession,
  decideOne,
  hour,
  minute,
  type RuleInput,
  second,
} from '../build-session.ts';

const waiting = (...waits: (number | null)[]) => ({
  blocks: waits.map((waitingMs, index) => ({ id: `9${index}`, waitingMs })),
});

const active = { state: 'active' } as const;
const victim = { ...active, waitsForLock: true, waitingMs: 10 * second };

type Case = readonly [what: string, rule: Partial<RuleInput>, session: Partial<Session>, verdict: string];

function waitingForSnapshot(...waits: readonly (number | null)[]): Pick<Session, 'blocks'> {
  return { blocks: waits.map((waitingMs, index) => ({ id: `${index}`, waitingMs, waitsFor: 'snapshot' })) };
}
const blocking = { state: 'idle in transaction', blocking: '10s' } as const;
const inTransaction = { state: 'idle in transaction' } as const;

const thresholds: readonly Case[] = [
  ['one under for', { for: '10m' }, { stateMs: 10 * minute - 1 }, 'no-rule'],
  ['exactly for', { for: '10m' }, { stateMs: 10 * minute }, 'terminate'],
  ['one over for', { for: '10m' }, { stateMs: 10 * minute + 1 }, 'terminate'],
  ['one under open', { open: '1h' }, { stateMs: minute, openMs: hour - 1 }, 'no-rule'],
  ['exactly open', { open: '1h' }, { stateMs: minute, openMs: hour }, 'terminate'],
  ['one over open', { open: '1h' }, { stateMs: minute, openMs: hour + 1 }, 'terminate'],
  [
    'one under transaction',
    { ...inTransaction, transaction: '2m' },
    { ...inTransaction, transactionMs: 2 * minute - 1 },
    'no-rule',
  ],
  [
    'exactly transaction',
    { ...inTransaction, transaction: '2m' },
    { ...inTransaction, transactionMs: 2 * minute },
    'terminate',
  ],
  [
    'one over transaction',
    { ...inTransaction, transaction: '2m' },
    { ...inTransaction, transactionMs: 2 * minute + 1 },
    'terminate',
  ],
  ['one under blocking', blocking, { ...inTransaction, ...waiting(10 * second - 1) }, 'no-rule'],
  ['exactly blocking', blocking, { ...inTransaction, ...waiting(10 * second) }, 'terminate'],
  ['one over blocking', blocking, { ...inTransaction, ...waiting(10 * second + 1) }, 'terminate'],
  ['blocking nobody', blocking, { ...inTransaction, ...waiting() }, 'no-rule'],
  [
    'whose snapshot is waited for',
    blocking,
    { ...inTransaction, ...waitingForSnapshot(1, minute) },
    'no-rule',
  ],
  [
    'whose snapshot is waited for since nobody knows when',
    blocking,
    { ...inTransaction, ...waitingForSnapshot(null) },
    'no-rule',
  ],
  ['the longest waiter counts', blocking, { ...inTransaction, ...waiting(1, 10 * second, 2) }, 'terminate'],
  [
    'worked one under 5 s since connecting',
    { unused: true },
    { stateMs: hour, openMs: hour + 5 * second - 1 },
    'terminate',
  ],
  [
    'worked exactly 5 s since connecting',
    { unused: true },
    { stateMs: hour, openMs: hour + 5 * second },
    'terminate',
  ],
  [
    'worked one over 5 s since connecting',
    { unused: true },
    { stateMs: hour, openMs: hour + 5 * second + 1 },
    'no-rule',
  ],
];

const waits: readonly Case[] = [
  ['at work and waiting for nobody', active, active, 'terminate'],
  ['a victim of a lock', active, victim, 'no-rule'],
  ['a victim of a lock, by a rule that cancels', { ...active, action: 'cancel' }, victim, 'no-rule'],
  ['a victim of a lock, waiting: false', { ...active, waiting: false }, victim, 'no-rule'],
  ['a victim of a lock, waiting: true', { ...active, waiting: true }, victim, 'terminate'],
  ['cancel of a victim, waiting: true', { ...active, waiting: true, action: 'cancel' }, victim, 'cancel'],
  ['waiting for nobody, waiting: true', { ...active, waiting: true }, active, 'no-rule'],
  ['one under waiting', { ...active, waiting: '10s' }, { ...victim, waitingMs: 9_999 }, 'no-rule'],
  ['exactly waiting', { ...active, waiting: '10s' }, victim, 'terminate'],
  ['one over waiting', { ...active, waiting: '10s' }, { ...victim, waitingMs: 10_001 }, 'terminate'],
  ['waiting for nobody, waiting: 10s', { ...active, waiting: '10s' }, active, 'no-rule'],
  ['unknown whether it waits', active, { ...active, waitsForLock: null }, 'protected'],
  [
    'unknown whether it waits, waiting: true',
    { ...active, waiting: true },
    { ...active, waitsForLock: null },
    'protected',
  ],
  [
    'unknown since when, waiting: true',
    { ...active, waiting: true },
    { ...victim, waitingMs: null },
    'terminate',
  ],
  [
    'unknown since when, waiting: 10s',
    { ...active, waiting: '10s' },
    { ...victim, waitingMs: null },
    'protected',
  ],
  ['unknown whether an idle one waits', {}, { waitsForLock: null }, 'terminate'],
  [
    'waits for its client',
    { ...active, waitingForClient: true },
    { ...active, waitsForClient: true },
    'terminate',
  ],
  ['does not wait for its client', { ...active, waitingForClient: true }, active, 'no-rule'],
  [
    'unknown whether it waits for its client',
    { ...active, waitingForClient: true },
    { ...active, waitsForClient: null },
    'protected',
  ],
  ['waits for its client, of no matter', active, { ...active, waitsForClient: true }, 'terminate'],
  [
    'cancel of one that waits for its client',
    { ...active, action: 'cancel' },
    { ...active, waitsForClient: true },
    'no-rule',
  ],
  [
    'cancel where that is unknown',
    { ...active, action: 'cancel' },
    { ...active, waitsForClient: null },
    'cancel',
  ],
  [
    'a keepalive a moment ago, where the transaction counts',
    { ...inTransaction, for: undefined, transaction: '2m' },
    { ...inTransaction, stateMs: 0, transactionMs: 2 * minute },
    'terminate',
  ],
  [
    'a keepalive a moment ago, where the waiters count',
    { ...blocking, for: undefined },
    { ...inTransaction, stateMs: 0, ...waiting(10 * second) },
    'terminate',
  ],
  [
    'an unknown time in the state that nobody asks for',
    { ...blocking, for: undefined },
    { ...inTransaction, stateMs: null, ...waiting(10 * second) },
    'terminate',
  ],
];

const unknowns: readonly Case[] = [
  ['an unknown state', {}, { state: null }, 'protected'],
  ['an unknown time in the state', {}, { stateMs: null }, 'protected'],
  ['an unknown age, asked for', { open: '1h' }, { openMs: null }, 'protected'],
  ['an unknown age, not asked for', {}, { openMs: null }, 'terminate'],
  ['an unknown age, asked for by unused', { unused: true }, { openMs: null }, 'protected'],
  [
    'an unknown transaction, asked for',
    { ...inTransaction, transaction: '2m' },
    { ...inTransaction, transactionMs: null },
    'protected',
  ],
  ['an unknown transaction, not asked for', {}, { transactionMs: null }, 'terminate'],
  ['unknown blocking, asked for', blocking, { ...inTransaction, blocks: null }, 'protected'],
  ['unknown blocking, not asked for', {}, { blocks: null }, 'terminate'],
  ['an unknown wait', blocking, { ...inTransaction, ...waiting(null) }, 'protected'],
  ['an unknown wait beside one too short', blocking, { ...inTransaction, ...waiting(1, null) }, 'protected'],
  [
    'an unknown wait beside one long enough',
    blocking,
    { ...inTransaction, ...waiting(null, 10 * second) },
    'terminate',
  ],
  ['an unknown user, even where no rule asks', {}, { user: null }, 'protected'],
  ['an unknown answer on superuser', {}, { superuser: null }, 'protected'],
  ['an unknown answer on advisory locks', {}, { advisoryLock: null }, 'protected'],
  [
    'an unknown application where match asks',
    { match: { application: 'web' } },
    { application: null },
    'no-rule',
  ],
  [
    'an unknown application where except asks',
    { except: { application: 'x' } },
    { application: null },
    'protected',
  ],
  ['an unknown statement nobody asks for', {}, { statement: null }, 'terminate'],
  [
    'an unknown fact that no longer matters',
    { for: '2h', open: '1h' },
    { stateMs: hour, openMs: null },
    'no-rule',
  ],
  ['an unknown state and too short a time', { for: '2h' }, { state: null, stateMs: hour }, 'no-rule'],
];

describe('conditions', () => {
  it.each(thresholds)('%s', (_what, rule, session, verdict) => {
    expect(decideOne(buildSession(session), buildPolicy([rule])).verdict).toBe(verdict);
  });

  it.each(waits)('%s', (_what, rule, session, verdict) => {
    expect(decideOne(buildSession(session), buildPolicy([rule])).verdict).toBe(verdict);
  });

  it.each(unknowns)('%s', (_what, rule, session, verdict) => {
    expect(decideOne(buildSession(session), buildPolicy([rule])).verdict).toBe(verdict);
  });

  it.each(ruleStates)('a rule for %s takes that state only', (state) => {
    const policy = buildPolicy([{ state }]);
    for (const other of [...ruleStates, 'other'] as const)
      expect(decideOne(buildSession({ state: other }), policy).verdict).toBe(
        other === state ? 'terminate' : 'no-rule',
      );
  });

  it('a list of states takes each of them', () => {
    const policy = buildPolicy([{ state: ['idle', 'active'] }]);
    const verdicts = ruleStates.map((state) => decideOne(buildSession({ state }), policy).verdict);
    expect(verdicts).toEqual(['terminate', 'no-rule', 'no-rule', 'terminate']);
  });

  it('a missing fact names the protection, the rule and the condition', () => {
    const decision = decideOne(buildSession({ openMs: null }), buildPolicy([{ open: '1h' }]));
    expect(decision).toMatchObject({ verdict: 'protected', protection: 'missing-fact', rule: 'rule-1' });
    expect(decision.reason).toBe(
      "protected: what the rule's `open` asks could not be read; when in doubt, it is left alone",
    );
  });

  it('a missing fact about something that is no client is not reported', () => {
    expect(decideOne(buildSession({ kind: 'background', state: null }), buildPolicy([{}])).verdict).toBe(
      'no-rule',
    );
  });

  it('a session of thousands of waiters has its longest wait', () => {
    const blocks = Array.from({ length: 300_000 }, (_, index) => ({ id: String(index), waitingMs: index }));
    expect(longestWaitMs(buildSession({ blocks }))).toBe(299_999);
  });
});

const reasons: readonly Case[] = [
  ['for', { for: '10m' }, { stateMs: 12 * minute }, 'idle for 12m (limit 10m)'],
  [
    'open',
    { for: '1m', open: '1h' },
    { stateMs: minute },
    'idle for 1m (limit 1m), connected for 2h (limit 1h)',
  ],
  [
    'transaction',
    { ...inTransaction, for: '1m', transaction: '2m' },
    { ...inTransaction, stateMs: minute, transactionMs: 3 * minute },
    'idle in transaction for 1m (limit 1m), its transaction open for 3m (limit 2m)',
  ],
  [
    'blocking',
    { ...blocking, for: '15s' },
    { ...inTransaction, stateMs: 20_000, ...waiting(12_000, 3) },
    'idle in transaction for 20s (limit 15s), keeps others waiting, the longest for 12s (limit 10s)',
  ],
  [
    'blocking one',
    { ...blocking, for: '15s' },
    { ...inTransaction, stateMs: 20_000, ...waiting(12_000) },
    'idle in transaction for 20s (limit 15s), keeps others waiting, the longest for 12s (limit 10s)',
  ],
  [
    'unused',
    { unused: true, for: '1h' },
    { stateMs: hour, openMs: hour + 2_000 },
    'idle for 1h (limit 1h), never used again after its first 2s',
  ],
  [
    'no time',
    { ...blocking, for: undefined },
    { ...inTransaction, stateMs: 1_500, ...waiting(12_000) },
    'idle in transaction for 1s, keeps others waiting, the longest for 12s (limit 10s)',
  ],
  [
    'waiting',
    { ...active, waiting: true },
    { ...victim, stateMs: 12_000 },
    'active for 12s (limit 1s), waits for a lock',
  ],
  [
    'a waiting time',
    { ...active, for: undefined, waiting: '5s' },
    { ...victim, stateMs: 12_000 },
    'active for 12s, waits for a lock for 10s (limit 5s)',
  ],
  [
    'waiting for its client',
    { ...active, waitingForClient: true },
    { ...active, stateMs: 2_000, waitsForClient: true },
    'active for 2s (limit 1s), waits for its client',
  ],
  [
    'utilization',
    { for: '1m', utilization: { above: '1%' } },
    { stateMs: minute },
    'idle for 1m (limit 1m), 1 of 97 slots taken (limit 1%)',
  ],
];

describe('the sentence of a chosen session', () => {
  it.each(reasons)('tells %s beside its limit', (_what, rule, session, reason) => {
    expect(decideOne(buildSession(session), buildPolicy([rule])).reason).toBe(reason);
  });
});
