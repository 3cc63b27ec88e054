import { describe, expect, test } from 'vitest';
import type { Report } from '../../../functions/core/model/report.ts';
import { notificationKeyOf } from '../../../functions/core/notify/notification-key.ts';
import { planNotification } from '../../../functions/core/notify/to-notification.ts';
import type { NotificationState } from '../../../functions/core/notify/notification-state.ts';
import { ended, faultBefore, findings, incomplete, lockedOut, missing, quiet, wouldEnd } from './reports.ts';

const coolDownMs = 6 * 3_600_000;
const notifiedAt = '2026-11-22T00:00:00.000Z';
const soon = '2026-11-22T05:59:59.999Z';
const later = '2026-11-22T06:00:00.000Z';
const tellingOf = (when: 'change' | 'action' | 'always') => ({
  when,
  coolDownMs,
  waitingMs: 30_000,
  nearlyFull: 0.8,
});
/** In the words of the tables below. */
function shouldTell(...[report, past, notifySettings, now]: Parameters<typeof planNotification>) {
  const { send } = planNotification(report, past, notifySettings, now);
  return send === null ? 'keep-quiet' : send.recoveredFrom ? 'tell-recovery' : 'tell';
}
const toldOf = (report: Report): NotificationState => ({
  notificationKey: notificationKeyOf(report),
  notifiedAt,
  outcome: report.outcome,
});

describe('the key of the news', () => {
  test('does not depend on numbers, clients, ids, times and order', () => {
    const same: Report = {
      ...ended,
      sweepId: 'another',
      at: later,
      results: { terminated: 3 },
      groups: ended.groups
        .map((group) => ({ ...group, sessions: 3, longestMs: 1, client: '10.9.9.9', statement: null }))
        .toReversed(),
      findings: findings.toReversed(),
    };
    expect(notificationKeyOf(same)).toBe(notificationKeyOf(ended));
  });

  test('does not depend on a number in an application name', () => {
    const worker = (application: string): Report => ({
      ...ended,
      groups: ended.groups.map((group) => ({ ...group, application })),
    });
    expect(notificationKeyOf(worker('worker-17 (pid 4711)'))).toBe(
      notificationKeyOf(worker('worker-3 (pid 12)')),
    );
    expect(notificationKeyOf(worker('web'))).not.toBe(notificationKeyOf(worker('worker')));
  });

  test.each<[string, Report]>([
    ['outcome', { ...ended, outcome: 'incomplete' }],
    ['severity', { ...ended, severity: 'info' }],
    ['leaker', { ...ended, groups: ended.groups.slice(1) }],
    ['database', { ...ended, groups: ended.groups.map((group) => ({ ...group, database: 'other' })) }],
    ['finding', { ...ended, findings: findings.slice(1) }],
    ['missing privilege', { ...ended, missing: missing.missing }],
  ])('changes with the %s', (_, other) =>
    expect(notificationKeyOf(other)).not.toBe(notificationKeyOf(ended)),
  );

  test('changes with the code of a fault', () => {
    const fault = faultBefore.fault && { ...faultBefore.fault, code: 'connect.timeout' };
    expect(notificationKeyOf({ ...faultBefore, fault })).not.toBe(notificationKeyOf(faultBefore));
  });
});

describe('when: change', () => {
  const decide = (report: Report, past: Report | null, now = soon) =>
    shouldTell(report, past && toldOf(past), tellingOf('change'), now);

  test.each([ended, wouldEnd, incomplete, faultBefore, missing])('the first news is told', (report) =>
    expect(decide(report, null)).toBe('tell'),
  );

  test('the same news is told once, and again after the cool-down', () => {
    expect(decide(ended, ended, soon)).toBe('keep-quiet');
    expect(decide(ended, ended, later)).toBe('tell');
  });

  test('other news is told at once', () => {
    expect(decide(incomplete, ended)).toBe('tell');
    expect(decide(faultBefore, incomplete)).toBe('tell');
  });

  test('quiet from the start, or after quiet, is silent', () => {
    expect(decide(quiet, null)).toBe('keep-quiet');
    expect(decide(quiet, quiet, later)).toBe('keep-quiet');
  });

  test.each([faultBefore, incomplete, missing])('recovery from trouble is told at once, and once', (past) => {
    expect(decide(quiet, past)).toBe('tell-recovery');
    expect(decide(quiet, quiet)).toBe('keep-quiet');
  });

  test.each([ended, wouldEnd])('a leak that comes and goes is not told at every turn', (past) => {
    expect(decide(quiet, past, soon)).toBe('keep-quiet');
    expect(decide(past, past, soon)).toBe('keep-quiet');
    expect(decide(quiet, past, later)).toBe('tell-recovery');
  });

  test('being locked out is neither news nor recovery', () => {
    expect(decide(lockedOut, null)).toBe('keep-quiet');
    expect(decide(lockedOut, faultBefore, later)).toBe('keep-quiet');
  });

  test('being locked out by one that hangs is news', () => {
    const stuck: Report = { ...lockedOut, severity: 'warning' };
    expect(decide(stuck, null)).toBe('tell');
    expect(decide(stuck, stuck, soon)).toBe('keep-quiet');
    expect(decide(quiet, stuck)).toBe('tell-recovery');
    expect(shouldTell(stuck, null, tellingOf('action'), soon)).toBe('tell');
  });

  test('a time that cannot be read counts as long ago', () => {
    const past = { ...toldOf(ended), notifiedAt: 'yesterday' };
    expect(shouldTell(ended, past, tellingOf('change'), soon)).toBe('tell');
  });
});

test('when: action tells whatever was or would be done or went wrong, every time', () => {
  const decide = (report: Report) => shouldTell(report, toldOf(report), tellingOf('action'), soon);
  expect([ended, wouldEnd, incomplete, faultBefore].map(decide)).toEqual(['tell', 'tell', 'tell', 'tell']);
  expect([quiet, lockedOut].map(decide)).toEqual(['keep-quiet', 'keep-quiet']);
});

test('when: always tells everything', () => {
  const decide = (report: Report) => shouldTell(report, null, tellingOf('always'), soon);
  expect([quiet, lockedOut, ended].map(decide)).toEqual(['tell', 'tell', 'tell']);
});
