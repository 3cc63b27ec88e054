import { describe, expect, test } from 'vitest';
import { toPace } from '../../infra/settings/pace.ts';
import { toRecurrence } from '../../infra/settings/recurrence.ts';

const minute = 60;
const day = 86_400;

describe('how often a schedule fires: its shortest pause, and times in a month of 730 hours', () => {
  test.each([
    ['rate(1 minute)', minute, 43_800],
    ['rate(5 minutes)', 5 * minute, 8_760],
    ['rate(2 days)', 2 * day, 15],
    ['cron(0/5 * * * ? *)', 5 * minute, 8_760],
    ['cron(*/15 * ? * * *)', 15 * minute, 2_920],
    ['cron(0 3 * * ? *)', day, 30],
    ['cron(0,10 3 * * ? *)', 10 * minute, 61],
    ['cron(0/5 8-18 ? * MON-FRI *)', 5 * minute, 2_868],
    ['cron(0 3 ? * SUN *)', 7 * day, 4],
    ['cron(0 3 ? * 1,4 *)', 3 * day, 9],
    ['cron(0/30 3 1 * ? *)', 30 * minute, 61],
    ['cron(0/30 3 ? * 6L *)', 30 * minute, 61],
    ['cron(0/30 3 ? 6 * *)', 30 * minute, 61],
  ])('%s', (schedule, shortestSeconds, perMonth) => {
    const { shortestSeconds: shortest, perMonth: times } = toRecurrence(schedule);
    expect([shortest, Math.round(times)]).toEqual([shortestSeconds, perMonth]);
  });
});

describe('the pace of a schedule', () => {
  test.each([
    [
      'rate(1 minute)',
      { maximumEventAgeSeconds: 60, flexibleMinutes: 0, latestTickSeconds: 180, graceSeconds: 120 },
    ],
    [
      'rate(5 minutes)',
      { maximumEventAgeSeconds: 150, flexibleMinutes: 1, latestTickSeconds: 600, graceSeconds: 180 },
    ],
    [
      'rate(1 hour)',
      { maximumEventAgeSeconds: 900, flexibleMinutes: 5, latestTickSeconds: 7_200, graceSeconds: 420 },
    ],
    [
      'cron(0/5 8-18 ? * MON-FRI *)',
      { maximumEventAgeSeconds: 150, flexibleMinutes: 1, latestTickSeconds: 600, graceSeconds: 180 },
    ],
  ])('%s', (schedule, pace) => {
    expect(toPace(toRecurrence(schedule))).toEqual(pace);
  });
});
