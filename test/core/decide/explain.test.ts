import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import { type Explanation, explain } from '../../../functions/core/decide/explain.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import {
  buildPolicy,
  buildSession,
  buildSnapshot,
  minute,
  type PolicyInput,
  type RuleInput,
} from '../build-session.ts';
import { anyPolicy, anySnapshot, runs } from './arbitrary.ts';

function explainOne(
  session: Partial<Session>,
  rules: Partial<RuleInput>[],
  more: Partial<PolicyInput> = {},
): Explanation {
  const [explanation] = explain(buildSnapshot([buildSession(session)]), buildPolicy(rules, more));
  if (!explanation) throw new Error('no explanation');
  return explanation;
}

describe('explain and decide are one engine', () => {
  it('gives the decisions of decide, in its order', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, (snapshot, policy) => {
        const decisions = explain(snapshot, policy).map(({ decision }) => decision);
        expect(decisions).toEqual(decide(snapshot, policy).decisions);
      }),
      runs,
    );
  });

  it('ends the rules with the one that decided, and only there says that one matched', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, (snapshot, policy) => {
        for (const { decision, rules } of explain(snapshot, policy)) {
          const matched = rules.filter(({ answer }) => answer === 'matched').map(({ rule }) => rule);
          expect(matched).toEqual(rules.at(-1)?.answer === 'matched' ? [rules.at(-1)?.rule] : []);
          if (decision.verdict !== 'no-rule' && matched.length > 0) expect(matched).toEqual([decision.rule]);
        }
      }),
      runs,
    );
  });

  it('asks the rules in the order of the policy, none twice', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, (snapshot, policy) => {
        const order = policy.rules.map(({ name }) => name);
        for (const { rules } of explain(snapshot, policy))
          expect(rules.map(({ rule }) => rule)).toEqual(order.slice(0, rules.length));
      }),
      runs,
    );
  });

  it('says of every protected session which protection applies, after those that do not', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, (snapshot, policy) => {
        for (const { decision, protections } of explain(snapshot, policy)) {
          expect(protections.slice(0, -1).every(({ applies }) => !applies)).toBe(true);
          const last = protections.at(-1);
          if (decision.verdict === 'protected' && decision.protection !== 'missing-fact')
            expect(last).toMatchObject({ name: decision.protection, applies: true });
        }
      }),
      runs,
    );
  });
});

describe('each condition that fails is told with the measured value and the threshold', () => {
  const cases: [string, Partial<Session>, Partial<RuleInput>, object][] = [
    [
      'state',
      { state: 'active' },
      {},
      { measured: 'active', threshold: 'idle', says: 'it is active, and the rule is for idle' },
    ],
    [
      'for',
      { stateMs: 3_000 },
      { for: '10m' },
      { measured: 3_000, threshold: 600_000, says: 'idle for 3s, less than 10m' },
    ],
    ['open', { openMs: minute }, { open: '1h' }, { measured: minute, threshold: 3_600_000 }],
    [
      'blocking',
      {},
      { blocking: '10s' },
      { measured: 0, threshold: 10_000, says: 'it keeps no session waiting' },
    ],
    [
      'waiting',
      { state: 'active', waitsForLock: true, waitingMs: 3_000 },
      { state: 'active' },
      {
        measured: 3_000,
        threshold: null,
        says: 'it has waited for a lock for 3s, and the rule is for sessions that do not wait (waiting: true takes those that do)',
      },
    ],
    [
      'waiting',
      { state: 'active', waitsForLock: true, waitingMs: 3_000 },
      { state: 'active', waiting: '10s' },
      { measured: 3_000, threshold: 10_000, says: 'it has waited for a lock for 3s, less than 10s' },
    ],
    [
      'waiting',
      { state: 'active' },
      { state: 'active', waiting: true },
      { measured: 0, threshold: 0, says: 'it waits for no lock' },
    ],
    [
      'waitingForClient',
      { state: 'active' },
      { state: 'active', waitingForClient: true },
      { measured: 'no', threshold: 'yes', says: 'it does not wait for its client' },
    ],
    [
      'waitingForClient',
      { state: 'active', waitsForClient: true },
      { state: 'active', action: 'cancel' },
      { measured: 'yes', says: 'it waits for its client, which a cancel cannot interrupt' },
    ],
    ['unused', { stateMs: 1_000, openMs: minute }, { unused: true }, { measured: 59_000, threshold: 5_000 }],
    [
      'match',
      { application: 'web' },
      { match: { user: 'app', application: ['celery*', '/^job/'] } },
      {
        measured: 'web',
        threshold: 'celery* | /^job/',
        says: 'its application web does not match celery* | /^job/',
      },
    ],
    [
      'except',
      { application: 'web' },
      { except: { application: 'web' } },
      { measured: 'application web', says: 'excepted: application web' },
    ],
  ];
  it.each(cases)('%s', (condition, session, rule, state) => {
    expect(explainOne(session, [rule]).rules).toMatchObject([
      { rule: 'rule-1', answer: 'no', condition, ...state },
    ]);
  });

  it('a missing fact is told as unknown', () => {
    expect(explainOne({ stateMs: null }, [{}]).rules).toMatchObject([
      { answer: 'unknown', condition: 'for', measured: null, threshold: 1_000 },
    ]);
  });

  it.each([
    [{ state: 'active', waitsForLock: null }, { state: 'active' }, 'waiting'],
    [{ statement: 'SELECT…' }, { group: ['statement'], minimum: 2 }, 'group'],
  ] satisfies [Partial<Session>, Partial<RuleInput>, string][])(
    '%j is unknown to %j',
    (session, rule, condition) => {
      expect(explainOne(session, [rule]).rules).toMatchObject([
        { answer: 'unknown', condition, measured: null },
      ]);
    },
  );

  it('a rule that is not in force says how full the fullest limit is that the session is under', () => {
    const limits = [{ kind: 'role' as const, name: 'app', limit: 20, used: 15 }];
    const snapshot = buildSnapshot([buildSession()], {
      capacity: { maxConnections: 100, reserved: 0, used: 15, limits },
    });
    const [explanation] = explain(snapshot, buildPolicy([{ utilization: { above: '80%' } }]));
    expect(explanation?.rules).toMatchObject([
      { answer: 'not in force', says: '15 of 20 connections of role app taken, 75% (limit 80%)' },
    ]);
  });

  it('a rule that is not in force says how full the server is', () => {
    const { rules } = explainOne({}, [{ utilization: { above: '80%' } }, {}]);
    expect(rules).toMatchObject([
      {
        answer: 'not in force',
        condition: 'utilization',
        threshold: 0.8,
        says: '1 of 97 slots taken, 1% (limit 80%)',
      },
      { answer: 'matched' },
    ]);
  });

  it('a group that is too small says so, and the next rule is asked', () => {
    const { rules, decision } = explainOne({}, [{ minimum: 2 }, { for: '10m' }]);
    expect(rules).toMatchObject([
      { answer: 'too few', condition: 'minimum' },
      { answer: 'matched', rule: 'rule-2' },
    ]);
    expect(decision).toMatchObject({ verdict: 'terminate', rule: 'rule-2' });
  });
});

it('protections are told in the order in which they are asked, without the lifted ones', () => {
  const { protections } = explainOne({ application: 'pgbouncer' }, [{}], { lift: ['listen'] });
  expect(protections.map(({ name }) => name)).toEqual([
    ...['unleak', 'replication', 'background', 'provider', 'superuser'],
    ...[
      'advisory-lock',
      'table-lock',
      'xa',
      'temporary-table',
      'backup',
      'migration',
      'change-data-capture',
      'pooler',
    ],
  ]);
  expect(protections.at(-1)).toMatchObject({
    applies: true,
    reason: expect.stringContaining('pgbouncer') as string,
  });
});
