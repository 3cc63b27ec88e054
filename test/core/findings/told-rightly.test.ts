import { describe, expect, test } from 'vitest';
import { expandPolicy } from '../../../functions/contract/expand-policy.ts';
import { policySchema } from '../../../functions/contract/policy.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { find } from '../../../functions/core/findings/find.ts';
import { groupChosen } from '../../../functions/core/group-chosen.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import { buildPolicy, buildSessions, buildSnapshot, hour, minute, second } from '../build-session.ts';

const any = buildPolicy([{ state: ['idle', 'idle in transaction'], for: '1m' }]);

function findIn(sessions: readonly Session[], overrides: Partial<Snapshot>, policy = any) {
  const snapshot = buildSnapshot(sessions, overrides);
  const plan = decide(snapshot, policy);
  return find({ snapshot, plan, groups: groupChosen(plan.decisions), presets: policy.presets });
}
const codesIn = (...args: Parameters<typeof findIn>) => findIn(...args).map(({ code }) => code);
const three = [{}, {}, {}];

test('sessions of a superuser application can never be ended, and that is said', () => {
  const [finding] = findIn(buildSessions(three.map(() => ({ superuser: true }))), {});
  expect(finding).toMatchObject({ code: 'superuser-sessions', severity: 'warning' });
  expect(finding?.evidence).toMatch(/3 sessions that a rule speaks of, the longest for 1h/);
  expect(findIn(buildSessions([{ superuser: true }]), {})[0]).toMatchObject({ severity: 'info' });
});

test.each([
  ['postgres', { user: null, superuser: null }],
  ['mysql', { superuser: null }],
] as const)('a user that was dropped gets no advice about GRANTs, on %s', (engine, facts) => {
  const findings = findIn(buildSessions([facts]), { engine });
  expect(findings.map(({ code }) => code)).toEqual(['dropped-user']);
  expect(findings[0]?.advice).not.toMatch(/GRANT|docs/);
});

describe('MariaDB’s limits for transactions', () => {
  const open = buildSessions([{ state: 'idle in transaction', transactionMs: hour }]);
  const guardsOf = (write: number, readonly: number) => ({
    engine: 'mariadb' as const,
    guards: {
      limitsMs: {
        ...{ idle_transaction_timeout: 0, wait_timeout: hour, interactive_timeout: hour },
        ...{ idle_write_transaction_timeout: write, idle_readonly_transaction_timeout: readonly },
      },
      exempt: [],
    },
  });
  const certaintyOf = (write: number, readonly: number) =>
    findIn(open, guardsOf(write, readonly)).find(({ code }) => code === 'missing-transaction-timeout')
      ?.certainty;

  test('of their own for writing and reading count', () => {
    expect(certaintyOf(0, 0)).toBe('certain');
    expect(certaintyOf(60 * second, 0)).toBe('possible');
    expect(certaintyOf(0, 60 * second)).toBe('possible');
    expect(certaintyOf(60 * second, 60 * second)).toBeUndefined();
  });
});

describe('a limit of the server below the lifetime of a pool', () => {
  const preset = (connMaxAge: string) =>
    expandPolicy(
      policySchema.parse({ rules: [{ preset: 'django', connMaxAge }], caps: { perSweep: 1, share: '1%' } }),
      'mysql',
    );
  const wait = (wait_timeout: number) => ({
    engine: 'mysql' as const,
    guards: { limitsMs: { wait_timeout }, exempt: [] },
  });
  const fresh = buildSessions(three.map(() => ({ stateMs: second })));

  test.each([
    ['10m', 599 * second, 'warning'],
    ['10m', 10 * minute, undefined],
    ['none', 8 * hour, 'info'],
    ['10m', 0, undefined],
  ])('CONN_MAX_AGE %s, wait_timeout %i ms: %s', (age, limitMs, severity) => {
    const found = findIn(fresh, wait(limitMs), preset(age)).find(({ code }) => code === 'short-timeout');
    expect(found?.severity).toBe(severity);
  });

  test('on PostgreSQL idle_session_timeout, but not for roles with a setting of their own', () => {
    const guards = { limitsMs: { idle_session_timeout: minute }, exempt: [] as string[] };
    expect(codesIn(fresh, { guards }, preset('10m'))).toEqual(['short-timeout']);
    expect(codesIn(fresh, { guards: { ...guards, exempt: ['app'] } }, preset('10m'))).toEqual([]);
  });
});
