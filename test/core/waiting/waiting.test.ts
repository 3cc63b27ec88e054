import { describe, expect, test } from 'vitest';
import type { DetachedTransaction } from '../../../functions/core/model/snapshot.ts';
import { toEmail } from '../../../functions/core/notify/to-email.ts';
import { toSms } from '../../../functions/core/notify/to-sms.ts';
import { toSubject } from '../../../functions/core/notify/to-subject.ts';
import type { Report } from '../../../functions/core/model/report.ts';
import { buildPolicy, buildSession, minute, second } from '../build-session.ts';
import { holder, reportOf, waiter } from './waits.ts';

const textOf = (report: Report) => toEmail(report).replace(/\s+/g, ' ');

describe('the queue', () => {
  test('is counted whole: an ALTER behind an open transaction, and 12 SELECTs behind the ALTER', () => {
    const selects = Array.from({ length: 12 }, (_, index) => waiter(String(100 + index)));
    const alter = waiter('2', {
      statement: 'ALTER TABLE stock ADD COLUMN note text',
      blocks: selects.map(({ id }) => ({ id, waitingMs: 40_000 })),
    });
    const report = reportOf([holder('1', [['2', 45_000]]), alter, ...selects]);
    expect(report.waiting).toMatchObject([
      { sessions: 13, longestMs: 45_000, rootCount: 1, roots: [{ name: '1' }], table: 'stock' },
    ]);
    expect(report).toMatchObject({ outcome: 'quiet', severity: 'critical' });
    expect(report.findings.map(({ code }) => code)).toEqual(['waiting']);
    expect(toSubject(report)).toBe(
      'unleak: 13 sessions wait on orders, up to 45s behind session 1, 14% full',
    );
  });

  test('counts each once: a diamond, a circle with a root, and who is blocked by itself', () => {
    const diamond = [
      holder('1', [
        ['2', minute],
        ['3', minute],
      ]),
      waiter('2', { blocks: [{ id: '4', waitingMs: minute }] }),
      waiter('3', { blocks: [{ id: '4', waitingMs: minute }] }),
      waiter('4', {
        blocks: [
          { id: '4', waitingMs: minute },
          { id: '2', waitingMs: 1 },
        ],
      }),
    ];
    expect(reportOf(diamond).waiting).toMatchObject([{ sessions: 3, roots: [{ name: '1' }] }]);
  });

  test('has several roots where all of them have to end', () => {
    const readers = [1, 2, 3, 4, 5, 6].map((id) => holder(String(id), [['9', minute]]));
    const [wait] = reportOf([...readers, waiter('9')]).waiting;
    expect(wait).toMatchObject({ sessions: 1, rootCount: 6 });
    expect(wait?.roots).toHaveLength(4);
  });

  test('is one of its own for each root', () => {
    const report = reportOf([
      holder('1', [['2', minute]]),
      waiter('2'),
      holder('3', [['4', minute]]),
      waiter('4'),
    ]);
    expect(report.waiting.map(({ roots }) => roots.map(({ name }) => name))).toEqual([['1'], ['3']]);
  });

  test('without a root is a circle, and nobody in it is called the root', () => {
    const report = reportOf([
      waiter('1', { blocks: [{ id: '2', waitingMs: minute }] }),
      waiter('2', {
        blocks: [
          { id: '1', waitingMs: minute },
          { id: '3', waitingMs: minute },
        ],
      }),
      waiter('3'),
    ]);
    expect(report.waiting).toMatchObject([{ sessions: 3, roots: [], circle: ['1', '2'] }]);
  });

  test('whose root nobody can see says for what it waits, and what would show the root', () => {
    const sql = 'SELECT * FROM `shop`.`stock`';
    const blind = { statement: sql, serverState: 'Waiting for table metadata lock', waitingMs: 40_000 };
    const report = reportOf(
      [
        waiter('2', blind),
        waiter('3', blind),
        buildSession({ id: '7', state: 'idle in transaction', transactionMs: minute }),
      ],
      { engine: 'mariadb' },
    );
    expect(report.waiting).toMatchObject([{ sessions: 2, roots: [], isAtLeast: true, table: 'shop.stock' }]);
    expect(textOf(report)).toMatch(/wait for a lock on shop\.stock, and whose it is cannot be seen/);
    expect(textOf(report)).toMatch(/at least 40s.*session 7.*INSTALL SONAME 'metadata_lock_info'/);
  });

  test('names no victim as root, though it keeps others waiting', () => {
    const report = reportOf([waiter('2', { blocks: [{ id: '3', waitingMs: minute }] }), waiter('3')]);
    expect(report.waiting).toMatchObject([{ sessions: 2, roots: [], circle: [] }]);
  });

  test('leaves out the server’s own processes and unleak, but not replication', () => {
    const of = (kind: 'background' | 'unleak' | 'replication') =>
      reportOf([holder('1', [['2', minute]]), waiter('2', { kind })]).waiting.length;
    expect([of('background'), of('unleak'), of('replication')]).toEqual([0, 0, 1]);
  });
});

describe('when it is news', () => {
  const waited = (ms: number | null, overrides = {}) =>
    reportOf([{ ...holder('1', [['2', ms]]), stateMs: second }, waiter('2', overrides)]).waiting.length;

  test('from 30s on, and not a millisecond before', () => {
    expect([waited(29_999), waited(30_000)]).toEqual([0, 1]);
  });

  test('an unknown time is news unless the statement is younger', () => {
    expect([waited(null), waited(null, { stateMs: 29_999 }), waited(null, { stateMs: null })]).toEqual([
      1, 0, 1,
    ]);
    const [wait] = reportOf([holder('1', [['2', null]]), waiter('2')]).waiting;
    expect(wait).toMatchObject({ longestMs: null, since: null });
    expect(textOf(reportOf([holder('1', [['2', null]]), waiter('2')]))).toContain(
      'waited for an unknown time',
    );
  });

  test('notify.waiting moves it', () => {
    const sessions = [holder('1', [['2', 5_000]]), waiter('2')];
    expect(reportOf(sessions, {}, { waitingMs: 5_000 }).waiting).toHaveLength(1);
    expect(reportOf(sessions, {}, { waitingMs: 5_001 }).waiting).toHaveLength(0);
  });

  test('a crowd that gives up early and comes again, behind a root that rests', () => {
    const crowd = (count: number) => {
      const ids = Array.from({ length: count }, (_, index) => `${10 + index}`);
      return reportOf([
        holder(
          '1',
          ids.map((id) => [id, 2_000]),
        ),
        ...ids.map((id) => waiter(id)),
      ]).waiting.length;
    };
    expect([crowd(2), crowd(3)]).toEqual([0, 1]);
  });
});

describe('what unleak does, and what prevents it', () => {
  const queue = [holder('1', [['2', minute]]), waiter('2')] as const;
  const rule = { state: 'idle in transaction', for: '1m' } as const;
  const whyOf = (report: Report) => report.waiting[0]?.roots[0];

  test.each([
    ['no rule', {}, {}, false, /no rule of the policy matches$/],
    ['a rule', {}, { policy: buildPolicy([rule]) }, true, /unleak ends it in this sweep, by the rule rule-1/],
    [
      'a dry run',
      {},
      { policy: buildPolicy([rule]), mode: 'dry-run' as const },
      false,
      /this is a dry run; an enforced sweep ends it/,
    ],
    [
      'a protection',
      { advisoryLock: true },
      { policy: buildPolicy([rule]) },
      false,
      /protection `advisory-lock` forbids it: holds an advisory lock/,
    ],
    [
      'idle',
      { state: 'idle' as const },
      { policy: buildPolicy([rule]) },
      false,
      /idle, not idle in transaction/,
    ],
    ['a superuser', { superuser: true }, {}, false, /never ends the sessions of superusers/],
  ] as [string, object, Parameters<typeof reportOf>[2], boolean, RegExp][])(
    '%s',
    (_what, root, facts, willEnd, why) => {
      const report = reportOf([{ ...queue[0], ...root }, queue[1]], {}, facts);
      expect(whyOf(report)).toMatchObject({ willEnd, why: expect.stringMatching(why) as string });
    },
  );

  test('a login that may not', () => {
    const missing = [{ prevents: 'ending', what: 'ending', grant: 'GRANT x' }] as const;
    expect(whyOf(reportOf(queue, { missing }))?.why).toMatch(/our login may not end the sessions of others/);
    const killScope = { users: ['somebody'], butNot: [] };
    expect(whyOf(reportOf(queue, { killScope }))?.why).toMatch(
      /our login may not end the sessions of its user/,
    );
  });

  test.each([
    ['postgres', 'SELECT pg_terminate_backend(1);'],
    ['mysql', 'KILL 1;'],
    ['mariadb', 'KILL 1;'],
  ] as const)('the statement for people on %s', (engine, sql) => {
    expect(whyOf(reportOf(queue, { engine }))?.remedies).toEqual([sql]);
  });

  test('a root at work is cancelled before it is ended', () => {
    const report = reportOf([{ ...queue[0], state: 'active' }, queue[1]], { engine: 'mysql' });
    expect(whyOf(report)?.remedies).toEqual(['KILL QUERY 1;', 'KILL 1;']);
  });

  const detached: DetachedTransaction = {
    kind: 'prepared',
    name: '131077_AAAA==_BBB=',
    user: 'shop',
    database: 'orders',
    ageMs: 9 * minute,
    blocks: [{ id: '2', waitingMs: minute }],
  };
  test.each([
    [detached, 'postgres', "ROLLBACK PREPARED '131077_AAAA==_BBB=';"],
    [{ ...detached, name: "it's;x" }, 'postgres', String.raw`ROLLBACK PREPARED E'it\x27s\x3bx';`],
    [{ ...detached, name: 'a\\b  c' }, 'postgres', String.raw`ROLLBACK PREPARED E'a\x5cb\x20\x20c';`],
    [{ ...detached, name: 'é\n😀' }, 'postgres', String.raw`ROLLBACK PREPARED E'\u00e9\x0a\U0001f600';`],
    [{ ...detached, name: 'b\uFFFDd' }, 'postgres', 'SELECT * FROM pg_prepared_xacts;'],
    [
      { ...detached, name: 'http://evil.example.com' },
      'postgres',
      String.raw`ROLLBACK PREPARED E'http\x3a\x2f\x2fevil\x2eexample\x2ecom';`,
    ],
    [
      { ...detached, kind: 'xa', name: "'tm.example',X'00ff',7" },
      'mysql',
      "XA ROLLBACK X'746d2e6578616d706c65',X'00ff',7;",
    ],
    [{ ...detached, kind: 'xa', name: "'order-7','b',1" }, 'mysql', "XA ROLLBACK 'order-7','b',1;"],
    [{ ...detached, kind: 'xa', name: "X'6f31',X'',4660" }, 'mariadb', "XA ROLLBACK X'6f31',X'',4660;"],
    [{ ...detached, kind: 'xa', name: "'a'; DROP" }, 'mysql', 'XA RECOVER CONVERT XID;'],
  ] as const)('a transaction without a session: %o', (transaction, engine, sql) => {
    const report = reportOf([waiter('2')], { engine, detached: [transaction] });
    expect(whyOf(report)).toMatchObject({ remedies: [sql], willEnd: false });
    expect(textOf(report)).not.toMatch(/:\/\//);
  });

  test('once it is ended and nobody waits any more, it is over and not critical', () => {
    const chosen = queue[0];
    const report = reportOf(
      queue,
      {},
      {
        policy: buildPolicy([rule]),
        outcomes: [{ session: chosen, rule: 'rule-1', result: 'terminated', code: null }],
        after: { ...reportSnapshot([{ ...queue[1], waitsForLock: false, waitingMs: 0 }]) },
      },
    );
    expect(report).toMatchObject({ outcome: 'ended', severity: 'warning', waiting: [{ isOver: true }] });
    expect(toSubject(report)).toBe('unleak: ended 1 leaked session on orders, 2% -> 1% full');
    expect(textOf(report)).toContain('None of them waits any more.');
  });
});

test('it is read first in the e-mail, in the subject and in the SMS', () => {
  const report = reportOf([holder('1', [['2', minute]]), waiter('2')]);
  const email = toEmail(report);
  expect(email).toMatch(/^1 session waits for a lock on orders, the first of them for 1m\./);
  expect(email.indexOf('WHO WAITS, AND FOR WHOM')).toBeLessThan(email.indexOf('CAPACITY'));
  expect(email).not.toContain('WHAT TO CHANGE');
  expect(toSms(report)).toMatch(/^unleak: 1 session waits on orders, up to 1m behind session 1/);
});

function reportSnapshot(sessions: Parameters<typeof reportOf>[0]) {
  return {
    engine: 'postgres' as const,
    version: '18.4',
    takenAt: '2026-01-01T00:00:01.000Z',
    capacity: { maxConnections: 100, reserved: 3, used: 1, limits: [] },
    sessions,
    missing: [],
  };
}
