import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandPolicy } from '../../../functions/contract/expand-policy.ts';
import { type Policy, policySchema } from '../../../functions/contract/policy.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { find } from '../../../functions/core/findings/find.ts';
import { groupChosen } from '../../../functions/core/group-chosen.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import {
  buildPolicy,
  buildSessions,
  buildSnapshot,
  hour,
  minute,
  type PolicyInput,
  second,
} from '../build-session.ts';

const policy = buildPolicy([{ state: ['idle', 'idle in transaction'], for: '1m' }]);

function findIn(sessions: readonly Session[], overrides: Partial<Snapshot> = {}, by: Policy = policy) {
  const snapshot = buildSnapshot(sessions, overrides);
  const plan = decide(snapshot, by);
  return find({ snapshot, plan, groups: groupChosen(plan.decisions), presets: by.presets });
}

/** A policy of presets alone, on the engine of the snapshot it is for. */
function presetPolicy(engine: Snapshot['engine'], ...rules: PolicyInput['rules']): Policy {
  const caps = { perSweep: 10_000, share: '100%' };
  return expandPolicy(policySchema.parse({ rules, caps }), engine);
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
  const fresh = { stateMs: second };

  test('three sessions that worked only within five seconds of connecting', () => {
    expect(codesIn(buildSessions([...times(3, usedOnce), fresh]))).toEqual(['unclosed-connections']);
  });
  test('not two of them', () => {
    expect(codesIn(buildSessions(times(2, usedOnce)))).toEqual([]);
  });
  test('not where the age of the connection is unknown', () => {
    expect(codesIn(buildSessions(times(3, { stateMs: hour, openMs: null })))).toEqual(['idle-sessions']);
  });
  test('says who, how many of how many and how long', () => {
    const [finding] = findIn(
      buildSessions([...times(3, usedOnce), { stateMs: hour, openMs: 9 * hour }, fresh]),
    );
    expect(finding).toMatchObject({ severity: 'warning', certainty: 'likely' });
    expect(finding?.title).toBe(
      'Connections of user app (application web) from 10.0.0.7 are opened, used once and never closed.',
    );
    expect(finding?.evidence).toBe(
      '3 sessions of 4 did all their work within 5s of connecting and nothing since, the longest for 1h; last statement: SELECT ?.',
    );
  });
  test('a healthy Django at night, past CONN_MAX_AGE, is not accused and gets no guard', () => {
    const django = { preset: 'django' as const, connMaxAge: '300s', requestTimeout: '30s' };
    const quiet = times(7, { stateMs: 6 * minute, openMs: 6 * minute + second });
    const otherProgram = { ...fresh, application: 'cron' };
    const guards = { limitsMs: { idle_session_timeout: 0 }, exempt: [] };
    const by = presetPolicy('postgres', django);
    const findings = findIn(buildSessions([...quiet, otherProgram]), { guards }, by);
    expect(findings).toMatchObject([
      { code: 'unclosed-connections', severity: 'info', certainty: 'possible' },
    ]);
    expect(findings[0]?.title).toMatch(
      /rest since their first work: a quiet time, or they are never closed\.$/,
    );
    expect(findings[0]?.evidence).toMatch(
      /^Idle web threads at a quiet time look the same.* 7 sessions of 7/,
    );
    const atWork = findIn(buildSessions([...quiet, { ...fresh, client: '10.0.0.8' }]), { guards }, by);
    expect(atWork.map(({ code }) => code)).toEqual(['unclosed-connections', 'missing-idle-timeout']);
  });
  test('three terminals left open have no quiet time', () => {
    const shells = times(3, { ...usedOnce, application: 'psql' });
    expect(findIn(buildSessions(shells))).toMatchObject([{ certainty: 'likely' }]);
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

  test('says whose they are, and how many of them the policy takes for leaked', () => {
    const leaked = { user: 'app', application: 'web', stateMs: hour, openMs: 9 * hour };
    const others = times(3, { user: 'app', application: 'cron', client: '10.0.0.9', stateMs: second });
    const stranger = { user: 'other', stateMs: second };
    const sessions = buildSessions([...times(5, leaked), ...others, stranger]);
    expect(findIn(sessions, limited(10, 8))[0]).toMatchObject({
      who: { user: 'app', application: null, client: null },
      evidence:
        '8 of 10 connections were in use. Application web of user app has 5 from 1 host; Application cron of user app has 3 from 1 host. The policy takes 5 sessions of them for leaked.',
    });
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
      '2 sessions that a rule speaks of: of 2 it is unknown whether they hold a lock',
    );
    expect(finding?.advice).toMatch(/INSTALL SONAME 'metadata_lock_info'.*lift: \[advisory-lock\]/);
  });
  test('sessions that may be in a backup: to lift advisory-lock would not end that doubt, so it is not advised', () => {
    const [finding] = findIn(buildSessions(times(2, { advisoryLock: null, backingUp: null })));
    expect(finding?.advice).not.toContain('lift:');
    const [later] = findIn(buildSessions(times(2, { backingUp: null })));
    expect(later?.evidence).toContain('of 2 it is unknown whether they run a backup');
  });
  test('sessions of users who might be superusers', () => {
    expect(codesIn(buildSessions([{ superuser: null }]))).toEqual(['spared-in-doubt']);
  });
  test('not sessions that are really protected', () => {
    expect(codesIn(buildSessions([{ advisoryLock: true }, { superuser: true }]))).toEqual([
      'superuser-sessions',
    ]);
  });
});

describe('celery-connections', () => {
  const celery = { application: 'shop-celery', stateMs: hour, openMs: hour + second };

  test('three idle sessions of one worker host, told once and with the fix', () => {
    const atWork = { application: 'shop-celery', stateMs: second };
    const findings = findIn(buildSessions([...times(3, celery), atWork]));
    expect(findings.map(({ code }) => code)).toEqual(['celery-connections']);
    expect(findings[0]).toMatchObject({
      ...{ severity: 'warning', certainty: 'likely' },
      who: { user: 'app', application: 'shop-celery', client: '10.0.0.7' },
      evidence:
        '3 sessions idle, the longest for 1h; 3 of them did all their work within 5s of connecting; last statement: SELECT ?.',
    });
    expect(findings[0]?.advice).toContain('task_postrun');
  });
  test('workers without tasks are only possibly it, and get no guard', () => {
    const guards = { limitsMs: { idle_session_timeout: 0 }, exempt: [] };
    const findings = findIn(buildSessions(times(4, celery)), { guards });
    expect(findings).toMatchObject([{ code: 'celery-connections', severity: 'info', certainty: 'possible' }]);
    expect(findings[0]?.evidence).toMatch(/^Workers without tasks look the same.* 4 sessions idle/);
  });
  test('not two of them', () => {
    expect(codesIn(buildSessions(times(2, celery)))).toEqual([]);
  });
  test('known by the user where the driver gives no name', () => {
    const unnamed = times(3, { ...celery, user: 'shop_celery', application: '' });
    expect(codesIn(buildSessions(unnamed))).toContain('celery-connections');
  });
});

describe('connection-hog, with 97 slots', () => {
  test.each([
    [49, 25, ['connection-hog']],
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

test('half of the slots at rest for a minute may be chance; chosen by a rule or for long, they are not', () => {
  const of = (stateMs: number, by: Policy) =>
    findIn(buildSessions(times(49, { stateMs, openMs: 9 * hour })), {}, by)[0];
  const nothing = buildPolicy([{ for: '9h' }]);
  expect(of(minute, nothing)).toMatchObject({
    code: 'connection-hog',
    severity: 'info',
    certainty: 'possible',
  });
  expect(of(30 * minute, nothing)).toMatchObject({ severity: 'warning', certainty: 'certain' });
  expect(of(minute, policy)).toMatchObject({ severity: 'warning', certainty: 'certain' });
  // What leaks is told once: another finding has its cure.
  expect(of(minute, policy)?.advice).toMatch(/^First fix what leaks them: see below\./);
  expect(of(30 * minute, nothing)?.advice).toMatch(/^Size its pool.*`ALTER ROLE app CONNECTION LIMIT n`/);
});

test('on MariaDB, whoever blocks is told even though doubt spares it', () => {
  const [finding] = findIn(
    buildSessions([
      {
        ...{ state: 'idle in transaction', stateMs: 3 * minute, advisoryLock: null, statement: null },
        blocks: [{ id: '8', waitingMs: 40 * second }],
      },
    ]),
    { engine: 'mariadb' },
  );
  expect(finding?.code).toBe('open-transactions');
  expect(finding?.evidence).toBe(
    'Session 1 idle in transaction for 3m; 1 other session waits for them, the longest for 40s (session 8). It is spared in doubt.',
  );
});

describe('missing-transaction-timeout', () => {
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
    expect(codesIn(open, guards(limitMs, exempt)).includes('missing-transaction-timeout')).toBe(isFound);
  });
  test('gives the statement that fits, its evidence and its risk', () => {
    const finding = findIn(open, guards(0)).find(({ code }) => code === 'missing-transaction-timeout');
    expect(finding?.evidence).toBe(
      '1 session idle in transaction for up to 3m; idle_in_transaction_session_timeout is off.',
    );
    expect(finding?.advice).toMatch(
      /ALTER ROLE "Shop" SET idle_in_transaction_session_timeout = '5min'`.*Risk/,
    );
  });
});

test('roles that lack the same guard are told of once, with a statement for each', () => {
  const open = { state: 'idle in transaction' as const, stateMs: 3 * minute };
  const roles = ['shop_web', 'shop_celery'].map((user) => ({ ...open, user }));
  const guards = { limitsMs: { idle_in_transaction_session_timeout: 0 }, exempt: [] };
  const found = findIn(buildSessions(roles), { guards }).filter(
    ({ code }) => code === 'missing-transaction-timeout',
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.title).toBe(
    'The server itself would end these open transactions of roles shop_web, shop_celery late or never.',
  );
  expect(found[0]?.advice).toContain(
    "`ALTER ROLE shop_web SET idle_in_transaction_session_timeout = '5min'`; `ALTER ROLE shop_celery SET idle_in_transaction_session_timeout = '5min'`. Risk",
  );
});

describe('missing-idle-timeout', () => {
  const idle = buildSessions([...times(3, { stateMs: hour, openMs: null }), { stateMs: second }]);
  test.each<[Snapshot['engine'], object, boolean]>([
    ['mysql', { wait_timeout: 8 * hour }, true],
    ['mysql', { wait_timeout: hour }, false],
    ['mysql', {}, false],
    ['postgres', { idle_session_timeout: 0 }, true],
    ['postgres', { idle_session_timeout: hour }, false],
  ])('%s with %j: %s', (engine, limitsMs, isFound) => {
    const codes = codesIn(idle, { engine, guards: { limitsMs, exempt: [] } });
    expect(codes.includes('missing-idle-timeout')).toBe(isFound);
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
  expect(finding).toMatchObject({
    code: 'conflicting-rules',
    severity: 'warning',
    evidence: 'The rule x may …',
  });
});

describe('near-capacity shows the sum', () => {
  test('of every program', () => {
    const sessions = [
      ...times(60, { application: 'shop-web', openMs: 5 * minute, stateMs: second }),
      ...times(20, { application: 'shop-celery', client: '10.0.0.9', openMs: 3 * hour, stateMs: second }),
    ];
    const [finding] = findIn(buildSessions(sessions));
    expect(finding?.evidence).toBe(
      '80 of the 97 slots open to applications were taken (82%). Application shop-web of user app has 60 from 1 host; Application shop-celery of user app has 20 from 1 host.',
    );
  });
});

describe('recycled-connections', () => {
  /** Three hosts of twenty sessions of all ages up to the ceiling, and one program that lives for long. */
  const pool = (ceilingMs: number, more: Partial<Session> = {}) =>
    Array.from({ length: 60 }, (_, index) => ({
      ...{ application: 'shop-web', client: `10.0.0.${index % 3}`, stateMs: second },
      openMs: ((index + 1) * ceilingMs) / 60,
      ...more,
    }));
  const others = times(18, { application: 'etl', client: '10.0.1.1', openMs: 9 * hour, stateMs: second });
  const evidenceOf = (sessions: Partial<Session>[], by: Policy = policy) =>
    findIn(buildSessions(sessions), { capacity }, by).find(({ code }) => code === 'recycled-connections');
  const capacity = { maxConnections: 100, reserved: 3, used: 78, limits: [] };

  test('shows the ages and the sum, and is no more than possible without a preset', () => {
    expect(evidenceOf([...pool(5 * minute), ...others])).toMatchObject({
      certainty: 'possible',
      severity: 'info',
      evidence:
        '60 sessions in use, 5s to 5m old and none older, while others live up to 9h. 3 hosts x up to 20 = 60, beside 18 others: 78 of 97 slots (80%).',
    });
  });
  test('names the setting where a preset agrees with the ages', () => {
    const django = { preset: 'django' as const, connMaxAge: '300s', match: { application: 'shop-web' } };
    const finding = evidenceOf([...pool(5 * minute), ...others], presetPolicy('postgres', django));
    expect(finding).toMatchObject({ certainty: 'likely' });
    expect(finding?.evidence).toContain('up to 9h: CONN_MAX_AGE (5m) at work. 3 hosts');
    const other = evidenceOf(
      [...pool(5 * minute), ...others],
      presetPolicy('postgres', { ...django, connMaxAge: '30s' }),
    );
    expect(other).toMatchObject({ certainty: 'possible' });
  });
  test('counts every host as full as the fullest', () => {
    const uneven = pool(5 * minute).map((session, index) => ({
      ...session,
      client: index < 50 ? '10.0.0.1' : '10.0.0.2',
    }));
    expect(evidenceOf([...uneven, ...others])?.evidence).toContain(
      '2 hosts x up to 50 = 100, beside 18 others: 118 of 97 slots (122%)',
    );
  });
  test.each([
    ['while the sum fits', [...pool(5 * minute).slice(0, 40), ...others]],
    ['where nothing on the server is older', pool(5 * minute)],
    ['where all were opened at once, as after a restart', [...pool(5 * minute, { openMs: hour }), ...others]],
    ['where the pool rests', [...pool(5 * minute, { stateMs: 2 * minute }), ...others]],
    ['where ages are not told, as on MySQL', [...pool(5 * minute, { openMs: null }), ...others]],
    ['where clients could not be read', [...pool(5 * minute, { client: null }), ...others]],
  ])('not %s', (_, sessions) => {
    expect(
      findIn(buildSessions(sessions), {
        capacity: { ...capacity, used: sessions.length },
      }).map(({ code }) => code),
    ).not.toContain('recycled-connections');
  });
});

describe('what the presets of a policy add', () => {
  const django = { preset: 'django' as const, connMaxAge: '300s', requestTimeout: '30s' };
  const leaked = times(3, { user: 'shop_web', application: '', stateMs: hour, openMs: null });
  const fresh = times(4, { user: 'shop_web', application: '', stateMs: second, openMs: null });
  const find1 = (code: string, sessions: Partial<Session>[], overrides: Partial<Snapshot>, by: Policy) =>
    findIn(buildSessions(sessions), overrides, by).find((finding) => finding.code === code);

  test('idle sessions of a busy Django are past CONN_MAX_AGE: nobody will use them', () => {
    const finding = find1(
      'idle-sessions',
      [...leaked, ...fresh],
      { engine: 'mysql' },
      presetPolicy('mysql', django),
    );
    expect(finding).toMatchObject({ certainty: 'likely' });
    expect(finding?.evidence).toBe(
      '3 sessions idle, the longest for 1h, past CONN_MAX_AGE (5m), while 4 more of this user were used within the last minute; last statement: SELECT ?.',
    );
    expect(finding?.advice).toMatch(/^Django closes .*django\.db\.connection\.close\(\) in a finally/);
    expect(
      find1('idle-sessions', leaked, { engine: 'mysql' }, presetPolicy('mysql', django))?.certainty,
    ).toBe('possible');
  });
  test('each program has its own way to let go', () => {
    const api = { preset: 'node-postgres' as const, idleTimeout: '10s' };
    expect(find1('idle-sessions', leaked, {}, presetPolicy('postgres', api))?.advice).toContain(
      'client.release()',
    );
  });
  test('a program known as Celery needs no name that says so', () => {
    const worker = { preset: 'celery' as const, connMaxAge: '0s', taskTimeLimit: '10m' };
    const codes = findIn(buildSessions(leaked), { engine: 'mysql' }, presetPolicy('mysql', worker));
    expect(codes.map(({ code }) => code)).toContain('celery-connections');
  });
  test('a guard of PostgreSQL is wide enough for the program, and its risk is the one that is left', () => {
    const guards = { limitsMs: { idle_session_timeout: 0 }, exempt: [] };
    const by = presetPolicy('postgres', django);
    const aged = [...leaked.map((session) => ({ ...session, openMs: 2 * hour })), ...fresh];
    expect(find1('missing-idle-timeout', aged, { guards }, by)?.advice).toBe(
      "As a net, for new sessions: `ALTER ROLE shop_web SET idle_session_timeout = '1h'`. The limit is above CONN_MAX_AGE (5m), past which the program drops a connection before using it. Risk: a shell or another program of this role that rests longer is cut off (57P05).",
    );
    expect(find1('missing-idle-timeout', [...leaked, ...fresh], { guards }, policy)?.advice).toMatch(
      /^Only where no pool logs in/,
    );
  });
  test('a task may take longer than five minutes: so may its transaction', () => {
    const worker = { preset: 'celery' as const, connMaxAge: '0s', taskTimeLimit: '20m' };
    const open = [
      { state: 'idle in transaction' as const, stateMs: hour, openMs: hour, transactionMs: hour },
    ];
    const guards = { limitsMs: { idle_in_transaction_session_timeout: 0 }, exempt: [] };
    expect(
      find1('missing-transaction-timeout', open, { guards }, presetPolicy('postgres', worker))?.advice,
    ).toContain("idle_in_transaction_session_timeout = '20min'");
  });
  test('a server that keeps connections for good on purpose is left so', () => {
    const guards = { limitsMs: { wait_timeout: 8 * hour }, exempt: [] };
    const by = { ...policy, presets: presetPolicy('mysql', { ...django, connMaxAge: 'none' }).presets };
    expect(
      find1('missing-idle-timeout', [...leaked, ...fresh], { engine: 'mysql', guards }, by),
    ).toBeUndefined();
  });
  test('a user that the policy names is name enough', () => {
    const named = presetPolicy('mysql', { ...django, match: { user: 'shop_web' } });
    expect(find1('unnamed-sessions', leaked, { engine: 'mysql' }, named)).toBeUndefined();
    expect(
      find1('unnamed-sessions', leaked, { engine: 'mysql' }, presetPolicy('mysql', django)),
    ).toBeDefined();
  });
});

describe('guards of MySQL and MariaDB, which hold for everybody', () => {
  const open = { state: 'idle in transaction' as const, stateMs: 3 * minute, openMs: null };
  const idle = times(3, { stateMs: 2 * hour, openMs: null });
  const fresh = { stateMs: second, openMs: null };
  const state = (engine: Snapshot['engine'], sessions: Partial<Session>[], limitsMs: object) =>
    findIn(buildSessions(sessions), { engine, guards: { limitsMs, exempt: [] } }).filter(({ code }) =>
      code.startsWith('missing-'),
    );

  test.each([
    [
      'mariadb',
      { idle_transaction_timeout: 0 },
      /SET GLOBAL idle_transaction_timeout = 300`.*configuration.*Risk/,
    ],
    [
      'mysql',
      { wait_timeout: 8 * hour },
      /SET PERSIST wait_timeout = 3600`.*parameter group.*Risk: .*rolls back/,
    ],
  ] as const)('an open transaction on %s', (engine, limitsMs, advice) => {
    const [finding, ...others] = state(engine, [open], limitsMs);
    expect([finding?.code, others]).toEqual(['missing-transaction-timeout', []]);
    expect(finding?.advice).toMatch(advice);
  });
  test('MySQL hears of wait_timeout once, whatever it would have ended', () => {
    const found = state('mysql', [open, ...idle, fresh], { wait_timeout: 8 * hour });
    expect(found.map(({ code }) => code)).toEqual(['missing-idle-timeout']);
  });
  test('terminals have interactive_timeout', () => {
    const shells = idle.map((session) => ({ ...session, application: 'mysql' }));
    const [finding] = state('mysql', shells, { wait_timeout: minute, interactive_timeout: 8 * hour });
    expect(finding?.advice).toContain('SET PERSIST interactive_timeout = 3600`');
  });
  test('two users are told of once', () => {
    const other = [...idle, fresh].map((session) => ({ ...session, user: 'other' }));
    expect(state('mysql', [...idle, fresh, ...other], { wait_timeout: 8 * hour })[0]?.evidence).toBe(
      '6 sessions idle for up to 2h; wait_timeout is 8h.',
    );
  });
});

describe('missing-long-transaction-timeout', () => {
  const used = { state: 'idle in transaction' as const, stateMs: minute, openMs: 9 * hour };
  test.each([
    [5 * minute - 1, 0, false],
    [5 * minute, 0, true],
    [5 * minute, hour, false],
    [5 * minute, undefined, false],
  ])('open for %i ms before its last silence, transaction_timeout %s: %s', (workedMs, limitMs, isFound) => {
    const sessions = buildSessions([{ ...used, transactionMs: used.stateMs + workedMs }]);
    const limitsMs = limitMs === undefined ? {} : { transaction_timeout: limitMs };
    const finding = findIn(sessions, { guards: { limitsMs, exempt: [] } }).find(
      ({ code }) => code === 'missing-long-transaction-timeout',
    );
    expect(finding !== undefined).toBe(isFound);
    if (finding) expect(finding.advice).toMatch(/ALTER ROLE app SET transaction_timeout = '60min'`.*Risk/);
  });
});

test('where MySQL runs, its system asks silent clients', () => {
  const silent = buildSessions(times(3, { stateMs: 30 * minute, openMs: null }));
  const guards = { limitsMs: {}, exempt: [] };
  const finding = findIn(silent, { engine: 'mysql', guards }).find(({ code }) => code === 'silent-clients');
  expect(finding?.advice).toContain('net.ipv4.tcp_keepalive_time=60');
});

test('on MySQL the trail leads to the processes of the client, and the driver seen is the one advised on', () => {
  const attributes = { _pid: '4711', _client_name: 'libmariadb' };
  const sessions = times(3, { application: '', stateMs: hour, openMs: null, attributes });
  const findings = findIn(
    buildSessions([...sessions, { ...sessions[0], attributes: { ...attributes, _pid: '4712' } }]),
    {
      engine: 'mysql',
    },
  );
  const of = (wanted: string) => findings.find(({ code }) => code === wanted);
  expect(of('idle-sessions')?.evidence).toContain(
    "on the client's host: processes 4711 (3 of 4), 4712 (1 of 4)",
  );
  expect(of('unnamed-sessions')?.advice).toMatch(/mysqlclient(?!.*PyMySQL)/);
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
      const capacity = { maxConnections: 300, reserved: 3, used: sessions.length, limits: [] };
      expect(findIn(buildSessions(sessions), { ...overrides, capacity })).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

describe('Django under ASGI', () => {
  const asgi = { preset: 'django' as const, server: 'asgi' as const, connMaxAge: '300s' };
  const codes = (...rules: PolicyInput['rules']) =>
    findIn(buildSessions([{ stateMs: 1_000 }]), {}, presetPolicy('postgres', ...rules)).map(
      ({ code }) => code,
    );
  test('with a CONN_MAX_AGE is the leak itself, also where health checks are on', () => {
    expect(codes(asgi)).toContain('asgi-persistent-connections');
    expect(codes({ ...asgi, connMaxAge: 'none', healthChecks: true })).toContain(
      'asgi-persistent-connections',
    );
  });
  test('without one, with a pool, under WSGI or of another program it is not', () => {
    const pooled = { ...asgi, connMaxAge: undefined };
    for (const other of [
      { ...asgi, connMaxAge: '0s' },
      { ...pooled, pool: {} },
      { ...asgi, server: 'wsgi' as const },
      { ...asgi, match: { application: 'other' } },
    ])
      expect(codes(other)).not.toContain('asgi-persistent-connections');
  });
});
