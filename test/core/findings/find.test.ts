import { describe, expect, test } from 'vitest';
import { decide } from '../../../functions/core/decide/decide.ts';
import { find } from '../../../functions/core/findings/find.ts';
import { groupChosen } from '../../../functions/core/group-chosen.ts';
import type { Session } from '../../../functions/core/session.ts';
import type { Snapshot } from '../../../functions/core/snapshot.ts';
import { buildPolicy, buildSessions, buildSnapshot, hour, minute, second } from '../build-session.ts';

const policy = buildPolicy([{ state: ['idle', 'idle in transaction'], for: '1m' }]);

function findIn(sessions: readonly Session[], overrides: Partial<Snapshot> = {}) {
  const snapshot = buildSnapshot(sessions, overrides);
  const plan = decide(snapshot, policy);
  return find({ snapshot, plan, groups: groupChosen(plan.decisions) });
}

function codesIn(sessions: readonly Session[], overrides: Partial<Snapshot> = {}): string[] {
  return findIn(sessions, overrides).map((finding) => finding.code);
}

function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

test('a healthy pool in use has no finding', () => {
  expect(codesIn(buildSessions(times(20, { stateMs: 5 * second })))).toEqual([]);
});

test('an empty server has no finding', () => {
  expect(codesIn([])).toEqual([]);
});

describe('unclosed-connections', () => {
  const usedOnce = { stateMs: hour, openMs: hour + 4 * second };

  test('three sessions that worked only within five seconds of connecting', () => {
    expect(codesIn(buildSessions(times(3, usedOnce)))).toEqual(['unclosed-connections']);
  });
  test('not two of them', () => {
    expect(codesIn(buildSessions(times(2, usedOnce)))).toEqual([]);
  });
  test('not where the age of the connection is unknown', () => {
    expect(codesIn(buildSessions(times(3, { stateMs: hour, openMs: null })))).toEqual(['idle-sessions']);
  });
  test('says who, how many of how many and how long', () => {
    const [finding] = findIn(buildSessions([...times(3, usedOnce), { stateMs: hour, openMs: 9 * hour }]));
    expect(finding?.title).toBe(
      'Connections of user app, application web, from 10.0.0.7 are opened, used once and never closed.',
    );
    expect(finding?.evidence).toBe(
      '3 sessions of 4 did all their work within 5s of connecting and nothing since, the longest for 1h.',
    );
  });
});

describe('open-transactions', () => {
  test('names how long, who waits and the last statement', () => {
    const [finding] = findIn(
      buildSessions([
        {
          state: 'idle in transaction',
          stateMs: 3 * minute,
          transactionMs: 3 * minute,
          statement: 'UPDATE stock SET n = ?',
          blocks: [
            { id: '8', waitingMs: 40 * second },
            { id: '9', waitingMs: 2 * second },
          ],
        },
      ]),
    );
    expect(finding).toMatchObject({ code: 'open-transactions', certainty: 'certain', severity: 'warning' });
    expect(finding?.evidence).toBe(
      '1 session idle in transaction, the longest for 3m; 2 other sessions wait for them, the longest for 40s; last statement: UPDATE stock SET n = ?.',
    );
  });
  test('a line break in a name stays on its line', () => {
    const [finding] = findIn(
      buildSessions([{ state: 'idle in transaction', user: 'a\nb', statement: 'x\ny' }]),
    );
    expect(JSON.stringify(finding)).not.toMatch(/\\n/);
  });
});

describe('near-capacity, with 97 slots open to ordinary logins', () => {
  const full = (used: number) => ({ capacity: { maxConnections: 100, reserved: 3, used, limits: [] } });
  test.each([
    [77, []],
    [78, ['warning']],
    [92, ['warning']],
    [93, ['critical']],
    [100, ['critical']],
  ])('%i taken: %j', (used, severities) => {
    expect(findIn([], full(used)).map((finding) => finding.severity)).toEqual(severities);
  });
});

describe('near-limit', () => {
  const limited = (limit: number, used: number) => ({
    capacity: {
      maxConnections: 100,
      reserved: 3,
      used: 1,
      limits: [{ kind: 'role' as const, name: 'app', limit, used }],
    },
  });
  test.each([
    [10, 7, []],
    [10, 8, ['near-limit']],
    [0, 0, []],
  ])('limit %i, used %i: %j', (limit, used, codes) => {
    expect(codesIn([], limited(limit, used))).toEqual(codes);
  });
});

describe('unnamed-sessions', () => {
  test('three chosen sessions known to have no application name', () => {
    expect(codesIn(buildSessions(times(3, { application: '' })))).toContain('unnamed-sessions');
  });
  test('not where the name could not be read', () => {
    expect(codesIn(buildSessions(times(3, { application: null })))).not.toContain('unnamed-sessions');
  });
});

describe('spared-in-doubt', () => {
  test('sessions whose locks cannot be seen, with how to see them and how to lift the protection', () => {
    const missing = [
      { prevents: 'detail' as const, what: 'locks', grant: "INSTALL SONAME 'metadata_lock_info'" },
    ];
    const [finding] = findIn(buildSessions(times(2, { advisoryLock: null })), { missing });
    expect(finding).toMatchObject({ code: 'spared-in-doubt', severity: 'warning' });
    expect(finding?.evidence).toContain(
      '2 sessions that a rule speaks of: of 2 it cannot be told whether they hold a lock',
    );
    expect(finding?.advice).toMatch(/INSTALL SONAME 'metadata_lock_info'.*lift: \[advisory-lock\]/);
  });
  test('sessions of users who might be superusers', () => {
    expect(codesIn(buildSessions([{ superuser: null }]))).toEqual(['spared-in-doubt']);
  });
  test('not sessions that are really protected', () => {
    expect(codesIn(buildSessions([{ advisoryLock: true }, { superuser: true }]))).toEqual([]);
  });
});
