import { expect, test } from 'vitest';
import { defaultNotifySettings } from '../../../../functions/contract/event.ts';
import { historyFileSchema } from '../../../../functions/contract/history-file.ts';
import { decide } from '../../../../functions/core/decide/decide.ts';
import { followGrowth, growingNow } from '../../../../functions/core/history/growth/follow-growth.ts';
import { emptyHistory, type History } from '../../../../functions/core/history/history.ts';
import { hourMs, toHours } from '../../../../functions/core/history/hour.ts';
import type { Point } from '../../../../functions/core/history/point.ts';
import { toHistory } from '../../../../functions/core/history/to-history.ts';
import { toHistoryFile } from '../../../../functions/core/history/to-history-file.ts';
import { toEmail } from '../../../../functions/core/notify/to-email.ts';
import { planNotification } from '../../../../functions/core/notify/to-notification.ts';
import { toSubject } from '../../../../functions/core/notify/to-subject.ts';
import { toReport } from '../../../../functions/core/to-report.ts';
import { buildPolicy, buildSession, buildSnapshot } from '../../build-session.ts';
import { leak, rhythm } from './generated.ts';

const origin = Date.parse('2026-11-01T00:00:00Z');
const start = 9 * 24 + 9;
const celery = { user: 'shop', application: 'celery' };

/** A server on which celery's sessions rest and grow by six an hour from an hour on, until it is restarted. */
function toPoint(hour: number, endHour: number): Point {
  const web = Math.round(rhythm(hour));
  const idle = 2 + (hour < endHour ? leak(6, start)(hour) : 0);
  const programs = [
    { user: 'shop', application: 'web', total: web, idle: 1 },
    { ...celery, total: idle, idle },
  ];
  const facts = { states: {}, ended: 0, wouldEnd: 0, isNewServer: false };
  const sweep = String(Math.round(hour * 12));
  return { ...facts, atMs: origin + hour * hourMs, sweep, used: web + idle, max: 97, programs };
}

/** What a history holds after so many hours of sweeps, every five minutes. */
function sweepUntil(hours: number, from: History = emptyHistory, endHour = Infinity): History {
  const points = Array.from({ length: hours * 12 + 1 }, (_each, at) => toPoint(at / 12, endHour));
  let past = from.hours;
  for (let at = 0; at < points.length; at += 288) past = toHours(past, points.slice(0, at + 289).slice(-289));
  const recent = points.slice(-577);
  return followGrowth({ ...from, points: recent, hours: toHours(past, recent) });
}

function reportOf(history: History) {
  const now = new Date(history.points.at(-1)?.atMs ?? 0).toISOString();
  const sessions = Array.from({ length: 32 }, (_each, at) =>
    buildSession({ ...celery, id: String(at), stateMs: 2 * hourMs, statement: 'SELECT FROM report' }),
  );
  const before = buildSnapshot(sessions, { takenAt: now });
  const plan = decide(before, buildPolicy([{ for: '30d' }]));
  const nothing = { lockedOut: false, outcomes: [], after: null, fault: null };
  const target = { name: 'orders', engine: 'postgres' };
  return toReport({
    ...nothing,
    sweepId: '1',
    mode: 'enforce',
    startedAt: now,
    target,
    before,
    plan,
    history,
  });
}

const leaking = sweepUntil(start + 5);

test('a program that grows is a finding with its start, its pace and when the server is full', () => {
  const [growing] = growingNow(leaking);
  expect(growing?.program).toEqual(celery);
  expect(Math.abs((growing?.sinceMs ?? 0) - origin - start * hourMs)).toBeLessThanOrEqual(hourMs);
  const report = reportOf(leaking);
  expect(report.findings).toMatchObject([{ code: 'growing-program', severity: 'warning' }]);
  expect(toSubject(report)).toMatch(
    /^unleak: celery grows by \d\/h on orders, full 2026-11-1\d \d\d:\d\d UTC/,
  );
  const email = toEmail(report);
  expect(email).toContain('Application celery of user shop has grown by');
  expect(email).toContain('django.db.connection.close()');
  if (process.env['SHOW']) console.log(toSubject(report), '\n', email);
});

test('people are notified once while it grows, and when it has stopped', () => {
  const now = (history: History) => new Date(history.points.at(-1)?.atMs ?? 0).toISOString();
  const first = planNotification(reportOf(leaking), null, defaultNotifySettings, now(leaking));
  expect(first.send).not.toBeNull();
  const later = sweepUntil(start + 6, { ...leaking, hours: [] });
  expect(
    planNotification(reportOf(later), first.remember, defaultNotifySettings, now(later)).send,
  ).toBeNull();
  const over = sweepUntil(start + 10, { ...later, hours: [] }, start + 7);
  expect(growingNow(over)).toEqual([]);
  const end = planNotification(reportOf(over), first.remember, defaultNotifySettings, now(over));
  expect(end.send?.recoveredFrom).not.toBeNull();
});

test('what grows is stored and read again as it was', () => {
  const file = historyFileSchema.parse(JSON.parse(JSON.stringify(toHistoryFile(leaking))));
  expect(toHistory(file)?.growing).toEqual(leaking.growing);
  expect(leaking.growing.length).toBeGreaterThan(0);
});
