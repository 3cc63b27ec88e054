import type { Finding } from '../../../functions/core/findings/finding.ts';
import type {
  Report,
  ReportedCapacity,
  ReportedDecision,
  ReportedGroup,
  ReportedOutcome,
  ReportedSession,
} from '../../../functions/core/model/report.ts';
import type { Result } from '../../../functions/core/verify.ts';

const minute = 60_000;
const hour = 60 * minute;

const noVerdicts = { terminate: 0, cancel: 0, reported: 0, capped: 0, spared: 0, protected: 0, 'no-rule': 0 };

/** A quiet sweep of a healthy server. */
export const quiet: Report = {
  schema: 'unleak.report/1',
  sweepId: '8f14e45f-ceea-4e67-a0ba-1f0f6f2f9a11',
  mode: 'enforce',
  outcome: 'quiet',
  severity: 'info',
  at: '2026-11-22T03:10:07.412Z',
  target: { name: 'orders', engine: 'postgres', version: '18.4' },
  before: capacity({ used: 41, states: { idle: 31, active: 9 }, longestIdleMs: 4 * minute }),
  after: null,
  verdicts: { ...noVerdicts, 'no-rule': 40 },
  results: {},
  waiting: [],
  groups: [],
  decisions: [],
  outcomes: [],
  findings: [],
  missing: [],
  fault: null,
};

export function capacity(overrides: Partial<ReportedCapacity>): ReportedCapacity {
  const whole = {
    maxConnections: 100,
    reserved: 3,
    used: 93,
    utilization: 0,
    states: {},
    longestIdleMs: null,
    limits: [],
    ...overrides,
  };
  return { ...whole, utilization: whole.used / (whole.maxConnections - whole.reserved) };
}

export function session(overrides: Partial<ReportedSession>): ReportedSession {
  return {
    id: '20011',
    user: 'orders_app',
    database: 'orders',
    application: 'celery@worker-3',
    client: '10.0.3.17',
    state: 'idle',
    stateMs: 3 * hour + 5 * minute,
    openMs: 5 * hour,
    transactionMs: 0,
    statement:
      'SELECT "orders_order"."id", "orders_order"."state" FROM "orders_order" WHERE "orders_order"."id" = ? LIMIT ?',
    blocks: [],
    ...overrides,
  };
}

const stuck = session({
  id: '20977',
  application: 'manage.py shell',
  client: '10.0.9.4',
  user: 'maria',
  state: 'idle in transaction',
  stateMs: 22 * minute + 40_000,
  transactionMs: 23 * minute,
  statement: 'UPDATE stock SET reserved = reserved + ? WHERE sku = ?',
  blocks: ['20501', '20502', '20688'],
});

function celery(count: number): ReportedDecision[] {
  return Array.from({ length: count }, (_, index) => ({
    session: session({ id: `${20_011 + index}`, stateMs: 3 * hour + 5 * minute - index * 90_000 }),
    verdict: 'terminate',
    rule: 'celery-leak',
    protection: null,
    reason: 'idle for 3h 5m (limit 10m)',
  }));
}

const chosen: ReportedDecision[] = [
  {
    session: stuck,
    verdict: 'terminate',
    rule: 'blocker',
    protection: null,
    reason:
      'idle in transaction for 22m 40s (limit 15s), keeps others waiting, the longest for 21m (limit 10s)',
  },
  ...celery(41),
];

const spared: ReportedDecision[] = [
  {
    session: session({
      id: '18002',
      application: 'pg_dump',
      client: '10.0.1.8',
      user: 'backup',
      stateMs: 41 * minute,
    }),
    verdict: 'protected',
    rule: 'celery-leak',
    protection: 'backup',
    reason: 'idle for 41m (limit 10m); protected: pg_dump is a backup tool',
  },
  ...['18100', '18101', '18102'].map((id): ReportedDecision => ({
    session: session({
      id,
      application: 'notifier',
      client: '10.0.3.40',
      stateMs: 26 * hour,
      statement: 'LISTEN orders',
    }),
    verdict: 'protected',
    rule: 'celery-leak',
    protection: 'listen',
    reason: 'idle for 1d 2h (limit 10m); protected: waits for notifications (LISTEN)',
  })),
  ...['20090', '20091'].map((id): ReportedDecision => ({
    session: session({ id, stateMs: 11 * minute }),
    verdict: 'spared',
    rule: 'celery-leak',
    protection: null,
    reason:
      'idle for 11m (limit 10m); spared: kept as one of the 2 newest of group orders_app / celery@worker-3 / 10.0.3.17',
  })),
];

const groups: ReportedGroup[] = [
  {
    user: 'orders_app',
    application: 'celery@worker-3',
    client: '10.0.3.17',
    database: 'orders',
    rule: 'celery-leak',
    sessions: 41,
    longestMs: 3 * hour + 5 * minute,
    statement: session({}).statement,
  },
  {
    user: 'maria',
    application: 'manage.py shell',
    client: '10.0.9.4',
    database: 'orders',
    rule: 'blocker',
    sessions: 1,
    longestMs: 22 * minute + 40_000,
    statement: stuck.statement,
  },
];

export const findings: Finding[] = [
  {
    code: 'unclosed-connections',
    severity: 'warning',
    certainty: 'likely',
    title: 'celery@worker-3 opens connections and does not close them',
    evidence:
      '41 sessions of one client idle for 10m or more, each opened within a second of a task and never used again.',
    advice:
      'Celery sends no request signals, so Django never closes these connections: call close_old_connections() in task_prerun and task_postrun, or set CONN_MAX_AGE to 0 for workers.',
  },
  {
    code: 'open-transactions',
    severity: 'critical',
    certainty: 'certain',
    title: 'a shell of maria keeps a transaction open and 3 sessions waiting',
    evidence: 'idle in transaction for 22m 40s after an UPDATE; the longest waiter waits for 21m.',
    advice:
      'Commit or roll back before leaving a shell, and set idle_in_transaction_session_timeout for people.',
  },
];

function outcomesOf(resultOf: (index: number) => readonly [Result, string | null]): ReportedOutcome[] {
  return chosen.map(({ session, rule }, index) => {
    const [result, code] = resultOf(index);
    return { id: session.id, rule, result, code };
  });
}

const full = capacity({
  used: 93,
  states: { idle: 78, 'idle in transaction': 6, active: 8 },
  longestIdleMs: 26 * hour,
  limits: [
    { kind: 'role', name: 'orders_app', limit: 90, used: 86 },
    { kind: 'database', name: 'orders', limit: 200, used: 92 },
  ],
});
const relieved = capacity({
  used: 51,
  states: { idle: 37, 'idle in transaction': 5, active: 8 },
  longestIdleMs: 26 * hour,
  limits: [{ kind: 'role', name: 'orders_app', limit: 90, used: 44 }],
});

/** An enforced sweep that ended all it had chosen but for two that had left by themselves. */
export const ended: Report = {
  ...quiet,
  outcome: 'ended',
  severity: 'critical',
  before: full,
  after: relieved,
  verdicts: { ...noVerdicts, terminate: 42, protected: 4, spared: 2, 'no-rule': 44 },
  results: { terminated: 40, 'already gone': 1, changed: 1 },
  groups,
  decisions: [...chosen, ...spared],
  outcomes: outcomesOf((index) => [
    index === 40 ? 'already gone' : index === 41 ? 'changed' : 'terminated',
    null,
  ]),
  findings,
};

/** The same as a dry run. */
export const wouldEnd: Report = {
  ...ended,
  mode: 'dry-run',
  outcome: 'would-end',
  after: null,
  results: {},
  outcomes: [],
};

/** Some refused, survived, late and skipped, and some beyond the cap. */
export const incomplete: Report = {
  ...ended,
  outcome: 'incomplete',
  verdicts: { ...ended.verdicts, capped: 1 },
  results: { terminated: 34, refused: 2, survived: 1, late: 2, skipped: 3 },
  outcomes: outcomesOf((index) => {
    if (index === 0) return ['survived', null];
    if (index <= 2) return ['refused', '42501'];
    if (index <= 4) return ['late', null];
    return index >= 39 ? ['skipped', null] : ['terminated', null];
  }),
  decisions: [
    ...chosen,
    ...spared,
    {
      session: session({ id: '20099', application: 'reports', client: '', stateMs: 12 * minute }),
      verdict: 'capped',
      rule: 'celery-leak',
      protection: null,
      reason: 'idle for 12m (limit 10m); spared by the cap: at most 42 in one sweep',
    },
  ],
  after: capacity({ ...relieved, used: 57 }),
  findings: [],
};

/** The server was full before unleak could connect. */
export const faultBefore: Report = {
  ...quiet,
  outcome: 'fault',
  severity: 'critical',
  target: { name: 'orders', engine: 'postgres', version: null },
  before: null,
  verdicts: noVerdicts,
  fault: {
    kind: 'Connect',
    code: 'connect.too_many_connections',
    step: 'connect',
    actor: 'dba',
    message: 'The server at orders.example.internal:5432 takes no more connections: every slot is in use.',
  },
};

/** Time ran out after sessions had been ended. */
export const faultAfter: Report = {
  ...ended,
  outcome: 'fault',
  severity: 'critical',
  after: null,
  results: { unverified: 42 },
  outcomes: outcomesOf(() => ['unverified', null]),
  findings: [],
  fault: {
    kind: 'Deadline',
    code: 'deadline.exceeded',
    step: 'verify',
    actor: 'operator',
    message: 'The sweep had 60s; the second look did not end in time.',
  },
};

/** Another sweep held the lock. */
export const lockedOut: Report = {
  ...quiet,
  outcome: 'locked-out',
  before: null,
  verdicts: noVerdicts,
};

/** A login that sees and ends too little. */
export const missing: Report = {
  ...quiet,
  mode: 'dry-run',
  severity: 'warning',
  missing: [
    {
      prevents: 'ending',
      what: "ending other users' sessions",
      grant: 'GRANT pg_signal_backend TO unleak;',
    },
    {
      prevents: 'seeing',
      what: 'how long sessions have been idle, so that none can be ended',
      grant: 'GRANT pg_read_all_stats TO unleak;',
    },
  ],
};
