import { describe, expect, test } from 'vitest';
import { toPace } from '../../infra/settings/pace.ts';
import { toRecurrence } from '../../infra/settings/recurrence.ts';

const minute = 60;
const hour = 3_600;
const day = 86_400;

describe('the pauses of a schedule', () => {
  test.each([
    ['rate(1 minute)', minute, minute],
    ['rate(5 minutes)', 5 * minute, 5 * minute],
    ['rate(2 days)', 2 * day, 2 * day],
    ['cron(0/5 * * * ? *)', 5 * minute, 5 * minute],
    ['cron(*/15 * ? * * *)', 15 * minute, 15 * minute],
    ['cron(0 3 * * ? *)', day, day],
    ['cron(0,10 3 * * ? *)', 10 * minute, day - 10 * minute],
    ['cron(0/5 8-18 ? * MON-FRI *)', 5 * minute, 61 * hour + 5 * minute],
    ['cron(0 3 ? * SUN *)', 7 * day, 7 * day],
    ['cron(0 3 ? * 1,4 *)', 3 * day, 4 * day],
    ['cron(0/30 3 1 * ? *)', 30 * minute, null],
    ['cron(0/30 3 ? * 6L *)', 30 * minute, null],
    ['cron(0/30 3 ? 6 * *)', 30 * minute, null],
  ])('%s', (schedule, shortestSeconds, longestSeconds) => {
    expect(toRecurrence(schedule)).toEqual({ shortestSeconds, longestSeconds });
  });
});

describe('the pace of a schedule', () => {
  test.each([
    [
      'rate(1 minute)',
      {
        maximumEventAgeSeconds: 60,
        flexibleMinutes: 0,
        latestTickSeconds: 180,
        missedAfterSeconds: 3 * minute,
      },
    ],
    [
      'rate(5 minutes)',
      {
        maximumEventAgeSeconds: 150,
        flexibleMinutes: 1,
        latestTickSeconds: 600,
        missedAfterSeconds: 15 * minute,
      },
    ],
    [
      'rate(1 hour)',
      {
        maximumEventAgeSeconds: 900,
        flexibleMinutes: 5,
        latestTickSeconds: 7200,
        missedAfterSeconds: 3 * hour,
      },
    ],
    [
      'rate(2 days)',
      {
        maximumEventAgeSeconds: 900,
        flexibleMinutes: 5,
        latestTickSeconds: 345600,
        missedAfterSeconds: 6 * day,
      },
    ],
    [
      'rate(3 days)',
      {
        maximumEventAgeSeconds: 900,
        flexibleMinutes: 5,
        latestTickSeconds: 518400,
        missedAfterSeconds: null,
      },
    ],
    [
      'cron(0/5 8-18 ? * MON-FRI *)',
      {
        maximumEventAgeSeconds: 150,
        flexibleMinutes: 1,
        latestTickSeconds: 600,
        missedAfterSeconds: 61 * hour + 15 * minute,
      },
    ],
  ])('%s', (schedule, pace) => {
    expect(toPace(toRecurrence(schedule))).toEqual(pace);
  });
});
