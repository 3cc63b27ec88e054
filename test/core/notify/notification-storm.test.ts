import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planNotification } from '../../../functions/core/notify/to-notification.ts';
import type { Occasion, NotificationState } from '../../../functions/core/notify/notification-state.ts';
import type { Report } from '../../../functions/core/model/report.ts';
import { minute } from '../build-session.ts';
import { holder, reportOf, notifySettings, waiter } from '../waiting/waits.ts';
import { ended, faultBefore, incomplete, quiet } from './reports.ts';

/** What was sent at which minute of a day that has a sweep every minute. */
interface Sent extends Occasion {
  readonly minute: number;
  readonly report: Report;
}

function live(reportAt: (minute: number) => Report, minutes = 1_440): Sent[] {
  const sent: Sent[] = [];
  let state: NotificationState | null = null;
  for (let at = 0; at < minutes; at += 1) {
    const now = new Date(Date.UTC(2026, 0) + at * minute).toISOString();
    const report = reportAt(at);
    const { send, remember } = planNotification(report, state, notifySettings, now);
    if (send) sent.push({ ...send, minute: at, report });
    state = remember ?? state;
    expect(JSON.stringify(state).length).toBeLessThan(8_000); // it is read and written at every sweep
  }
  return sent;
}

/** Letters, since numbers in names are no news by themselves. */
const letters = (at: number) => at.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
const newName = (at: number): Report => ({
  ...ended,
  findings: [],
  severity: 'info',
  groups: ended.groups.map((group) => ({ ...group, application: `app-${letters(at)}` })),
});
const waitOf = (user: string, application = 'web') =>
  reportOf([{ ...holder('1', [['2', minute]]), user, application }, waiter('2')]);
const faultOf = (code: string): Report => ({
  ...faultBefore,
  fault: faultBefore.fault && { ...faultBefore.fault, code },
});
const full: Report = {
  ...quiet,
  severity: 'critical',
  findings: [
    {
      code: 'near-capacity',
      severity: 'critical',
      certainty: 'certain',
      title: '',
      evidence: '',
      advice: '',
    },
  ],
};

describe('a day of hostile sweeps', () => {
  test('the same news is sent four times a day', () => {
    expect(live(() => ended).map((each) => each.minute)).toEqual([0, 360, 720, 1_080]);
  });

  test('a new name before each sweep: four in a cool-down, of which the last says so, then one that counts', () => {
    const sent = live(newName);
    expect(sent.map((each) => each.minute)).toEqual([
      0, 1, 2, 3, 360, 361, 362, 363, 720, 721, 722, 723, 1_080, 1_081, 1_082, 1_083,
    ]);
    expect(sent[3]?.limitedUntil).toBe('2026-01-01T06:00:00.000Z');
    expect(sent.map(({ heldBack }) => heldBack?.count ?? 0).slice(0, 6)).toEqual([0, 0, 0, 0, 356, 0]);
  });

  test('fault and quiet in turn', () => {
    const sent = live((at) => (at % 2 === 0 ? faultBefore : quiet));
    expect(sent.length).toBeLessThanOrEqual(16);
    expect(sent.slice(0, 3).map((each) => each.minute)).toEqual([0, 1, 2]);
  });

  test('two faults, a new name and quiet in turn', () => {
    const turns = [() => faultBefore, () => faultOf('connect.timeout'), newName, () => quiet] as const;
    expect(live((at) => turns[at % 4]?.(at) ?? quiet).length).toBeLessThanOrEqual(16 + 8);
  });

  test.each([
    ['people who wait', waitOf('shop'), 'waiting'],
    ['a full server', full, 'near-capacity'],
  ])('%s get through once the limit is reached', (_what, urgent, code) => {
    const sent = live((at) => (at >= 100 && at < 200 ? urgent : newName(at)), 300);
    const [first] = sent.filter(({ report }) => report.findings.some((finding) => finding.code === code));
    expect(first?.minute).toBe(100);
  });

  test('a fault for the first time gets through once the limit is reached', () => {
    const sent = live((at) => (at >= 100 ? faultBefore : newName(at)), 300);
    expect(sent.filter(({ report }) => report.fault).map((each) => each.minute)).toEqual([100]);
  });

  test('somebody who keeps others waiting under new names uses up his own urgency, and not that of others', () => {
    const sent = live(
      (at) => (at === 200 ? waitOf('shop') : at % 2 === 0 ? waitOf('mallory', `x-${letters(at)}`) : quiet),
      300,
    );
    expect(sent.length).toBeLessThanOrEqual(4 + 4);
    expect(sent.some(({ report, minute: at }) => at === 200 && report.waiting.length > 0)).toBe(true);
  });

  test('what was held back is said also when all is quiet then', () => {
    const sent = live((at) => (at < 60 ? newName(at) : quiet), 400);
    expect(sent.map((each) => [each.minute, each.heldBack?.count ?? 0]).slice(4)).toEqual([[360, 56]]);
  });

  test('whatever comes, four in a cool-down, six more that are urgent, and nothing urgent waits for longer than that', () => {
    const kinds = [
      quiet,
      ended,
      incomplete,
      faultBefore,
      faultOf('connect.timeout'),
      full,
      waitOf('shop'),
      waitOf('jobs'),
    ];
    const any = fc.array(fc.nat({ max: kinds.length }), { minLength: 50, maxLength: 400 });
    fc.assert(
      fc.property(any, (turns) => {
        const sent = live((at) => kinds[turns[at] ?? 0] ?? newName(at), turns.length);
        for (const { minute: from } of sent)
          expect(sent.filter(({ minute: at }) => at >= from && at < from + 360).length).toBeLessThanOrEqual(
            10,
          );
        for (const code of ['connect.too_many_connections', 'connect.timeout']) {
          const first = turns.findIndex((_turn, at) => kinds[turns[at] ?? 0]?.fault?.code === code);
          if (first >= 0)
            expect(sent.some(({ minute: at, report }) => at === first && report.fault)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('people who wait', () => {
  test('are sent by themselves, once, and that nobody waits any more as well', () => {
    const sent = live((at) => (at >= 5 && at < 20 ? waitOf('shop') : quiet), 60);
    expect(sent.map((each) => [each.minute, each.recoveredFrom !== null])).toEqual([
      [5, false],
      [20, true],
    ]);
  });

  test('and that nobody waits any more is said beside other news too', () => {
    const both: Report = { ...waitOf('shop'), outcome: 'would-end', groups: ended.groups };
    const leak: Report = { ...both, waiting: [], findings: [], severity: 'info' };
    const sent = live((at) => (at >= 5 && at < 20 ? both : leak), 60);
    expect(sent.map((each) => [each.minute, each.waitIsOver])).toEqual([
      [0, false],
      [5, false],
      [20, true],
    ]);
  });

  test('behind another root are other news', () => {
    const sent = live((at) => waitOf(at < 10 ? 'shop' : 'jobs'), 60);
    expect(sent.map((each) => each.minute)).toEqual([0, 10]);
  });

  test('are sent by `action` as well', () => {
    const now = '2026-01-01T00:00:00.000Z';
    const first = planNotification(waitOf('shop'), null, { ...notifySettings, when: 'action' }, now);
    expect(first.send).not.toBeNull();
    const then = planNotification(quiet, first.remember, { ...notifySettings, when: 'action' }, now);
    expect(then.send?.recoveredFrom).not.toBeNull();
  });
});

describe('what is remembered', () => {
  const now = '2026-01-01T00:00:00.000Z';
  test.each([
    [
      'a time in the future',
      { notificationKey: 'x', notifiedAt: '2126-01-01T00:00:00.000Z', outcome: 'fault' },
    ],
    ['no time', { notificationKey: 'x', notifiedAt: 'now', outcome: 'fault' }],
    [
      'a notification of the future',
      {
        notificationKey: 'x',
        notifiedAt: now,
        outcome: 'fault',
        sent: [{ at: '2027-01-01T00:00:00.000Z', key: '', urgent: [] }],
      },
    ],
  ] as [string, NotificationState][])('%s is not obeyed', (_what, past) => {
    const { send, remember } = planNotification(ended, past, notifySettings, now);
    expect(send).toMatchObject({ recoveredFrom: null });
    expect(remember?.sent).toHaveLength(1);
  });

  test('by an earlier release is read', () => {
    const past: NotificationState = {
      notificationKey: 'x',
      notifiedAt: '2025-12-31T23:00:00.000Z',
      outcome: 'fault',
    };
    expect(planNotification(quiet, past, notifySettings, now).send?.recoveredFrom).toMatchObject({
      outcome: 'fault',
    });
    expect(planNotification(ended, past, notifySettings, now).remember?.sent).toHaveLength(2);
  });
});
