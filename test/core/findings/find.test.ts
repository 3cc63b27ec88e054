import fc from 'fast-check';
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

describe('celery-connections', () => {
  const celery = { application: 'shop-celery', stateMs: hour, openMs: hour + second };

  test('three idle sessions of one worker host, told once and with the fix', () => {
    const findings = findIn(buildSessions(times(3, celery)));
    expect(findings.map(({ code }) => code)).toEqual(['celery-connections']);
    expect(findings[0]).toMatchObject({
      who: { user: 'app', application: 'shop-celery', client: '10.0.0.7' },
      evidence: '3 sessions idle, the longest for 1h; 3 of them did all their work within 5s of connecting.',
    });
    expect(findings[0]?.advice).toContain('task_postrun');
  });
  test('not two of them', () => {
    expect(codesIn(buildSessions(times(2, celery)))).toEqual([]);
  });
  test('known by the user where the driver gives no name', () => {
    const unnamed = times(3, { ...celery, user: 'shop_celery', application: '' });
    expect(codesIn(buildSessions(unnamed))).toContain('celery-connections');
  });
});

describe('one-holder, with 97 slots', () => {
  test.each([
    [49, 25, ['one-holder']],
    [49, 24, []],
    [48, 48, []],
  ])('%i sessions, %i of them idle for a minute: %j', (count, resting, codes) => {
    const states = times(count, 0).map((_, index) => ({
      stateMs: index < resting ? minute : second,
      openMs: 2 * minute,
    }));
    const nothing = buildPolicy([{ for: '9h' }]);
    const snapshot = buildSnapshot(buildSessions(states));
    const plan = decide(snapshot, nothing);
    expect(find({ snapshot, plan, groups: [] }).map(({ code }) => code)).toEqual(codes);
  });
});

describe('transaction-guard', () => {
  const open = buildSessions([{ state: 'idle in transaction', stateMs: 3 * minute, user: 'Shop' }]);
  const guards = (limitMs: number, exempt: readonly string[] = []) => ({
    guards: { limitsMs: { idle_in_transaction_session_timeout: limitMs }, exempt },
  });
  test.each([
    [0, [], true],
    [5 * minute, [], false],
    [hour, [], false],
    [2 * hour, [], true],
    [0, ['Shop'], false],
  ])('a limit of %i ms, exempt %j: %s', (limitMs, exempt, isFound) => {
    expect(codesIn(open, guards(limitMs, exempt)).includes('transaction-guard')).toBe(isFound);
  });
  test('gives the statement that fits, its evidence and its risk', () => {
    const finding = findIn(open, guards(0)).find(({ code }) => code === 'transaction-guard');
    expect(finding?.evidence).toBe(
      '1 session idle in transaction for up to 3m; idle_in_transaction_session_timeout is off.',
    );
    expect(finding?.advice).toMatch(
      /ALTER ROLE "Shop" SET idle_in_transaction_session_timeout = '5min';.*Risk/,
    );
  });
});

describe('idle-guard', () => {
  const idle = buildSessions(times(3, { stateMs: hour, openMs: null }));
  test.each<[Snapshot['engine'], object, boolean]>([
    ['mysql', { wait_timeout: 8 * hour }, true],
    ['mysql', { wait_timeout: hour }, false],
    ['mysql', {}, false],
    ['postgres', { idle_session_timeout: 0 }, true],
    ['postgres', { idle_session_timeout: hour }, false],
  ])('%s with %j: %s', (engine, limitsMs, isFound) => {
    const codes = codesIn(idle, { engine, guards: { limitsMs, exempt: [] } });
    expect(codes.includes('idle-guard')).toBe(isFound);
  });
});

describe('silent-clients', () => {
  const silent = times(3, { stateMs: 30 * minute, openMs: hour });
  const keepalives = (limitMs: number) => ({
    guards: { limitsMs: { tcp_keepalives_idle: limitMs }, exempt: [] },
  });
  test('not where the server asks silent clients soon', () => {
    expect(codesIn(buildSessions(silent), keepalives(minute))).not.toContain('silent-clients');
  });
  test('a host of which nothing was heard for half an hour', () => {
    expect(codesIn(buildSessions(silent), keepalives(0))).toContain('silent-clients');
  });
  test.each([
    ['not while one of its sessions is at work', [...silent, { state: 'active' as const }]],
    ['not while one was used a minute ago', [...silent, { stateMs: minute }]],
    ['not for a local socket', times(3, { ...silent[0], client: '' })],
  ])('%s', (_, sessions) => {
    expect(codesIn(buildSessions(sessions), keepalives(0))).not.toContain('silent-clients');
  });
});

test('a policy that contradicts its preset is told with every report', () => {
  const hasty = buildPolicy([{ for: '1m' }], {});
  const snapshot = buildSnapshot([]);
  const plan = decide(snapshot, hasty);
  const [finding] = find({ snapshot, plan, groups: [], warnings: ['The rule x may …'] });
  expect(finding).toMatchObject({ code: 'hasty-rule', severity: 'warning', evidence: 'The rule x may …' });
});

describe('near-capacity shows the sum', () => {
  test('of every program, with the age past which nothing lives', () => {
    const sessions = [
      ...times(60, { application: 'shop-web', openMs: 5 * minute, stateMs: second }),
      ...times(20, { application: 'shop-celery', client: '10.0.0.9', openMs: 3 * hour, stateMs: second }),
    ];
    const [finding] = findIn(buildSessions(sessions));
    expect(finding?.evidence).toBe(
      '80 of the 97 slots open to applications were taken (82%). Application shop-web of user app has 60 from 1 host, none older than 5m; Application shop-celery of user app has 20 from 1 host.',
    );
  });
});

test('no healthy pool has a finding, whatever its size, age, names and the guards of its server', () => {
  const session = fc.record({
    application: fc.constantFrom('shop-web', 'shop-celery', 'api', ''),
    client: fc.constantFrom('10.0.0.1', '10.0.0.2', ''),
    state: fc.constantFrom<Session['state']>('idle', 'active', 'idle in transaction'),
    stateMs: fc.integer({ min: 0, max: minute - 1 }),
    openMs: fc.option(fc.integer({ min: minute, max: 9 * hour })),
  });
  const guards = fc.constantFrom(undefined, 0, minute, 9 * hour).map((limitMs) =>
    limitMs === undefined
      ? {}
      : {
          guards: {
            limitsMs: { idle_in_transaction_session_timeout: limitMs, wait_timeout: limitMs },
            exempt: [],
          },
        },
  );
  fc.assert(
    fc.property(fc.array(session, { maxLength: 77 }), guards, (sessions, overrides) => {
      expect(findIn(buildSessions(sessions), overrides)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
