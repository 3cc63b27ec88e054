import { describe, expect, test } from 'vitest';
import { readSchedule } from '../../functions/contract/schedule/read-schedule.ts';

describe('a schedule that EventBridge Scheduler takes is read', () => {
  test.each([
    'rate(1 minute)',
    'rate(5 minutes)',
    'rate(12 hours)',
    'rate(1 day)',
    'cron(0/5 * * * ? *)',
    'cron(*/15 * ? * * *)',
    'cron(0/5 8-18 ? * MON-FRI *)',
    'cron(0 3 ? * mon-fri *)',
    'cron(0,30 8-10,14-16/2 1,15 JAN-MAR/2 ? 2026-2030)',
    'cron(0 3 L * ? *)',
    'cron(0 3 LW * ? *)',
    'cron(0 3 15W * ? *)',
    'cron(0 3 ? * 6L *)',
    'cron(0 3 ? * L *)',
    'cron(0 3 ? * TUE#2 *)',
    'cron(59 23 31 12 ? 2199)',
  ])('%s', (text) => {
    expect(readSchedule(text)).toMatchObject({ ok: true });
  });
});

describe('a schedule that it would refuse is refused, each wrong field with its column', () => {
  test.each([
    ['every 5 minutes', 'rate(5 minutes) or cron('],
    ['rate(0 minutes)', 'rate(5 minutes) or cron('],
    ['rate(30 seconds)', 'rate(5 minutes) or cron('],
    ['cron(0/5 * * * * *)', 'column 16 (day-of-week): "*" found, expected ? here'],
    ['cron(0/5 * ? * ? *)', 'column 16 (day-of-week): "?" found, expected a day or *'],
    ['cron(0 3 * *)', 'column 6 (cron): "4 in 0 3 * *" found, expected six fields'],
    ['cron(0 3 * * ? * *)', 'expected six fields'],
    ['cron(60 3 * * ? *)', 'column 6 (minutes): "60" found, expected 0-59'],
    ['cron(0 24 * * ? *)', 'column 8 (hours): "24" found, expected 0-23'],
    [
      'cron(0 3 0 * ? *)',
      'column 10 (day-of-month): "0" found, expected 1-31, with * , - /, or L, LW or 15W',
    ],
    ['cron(0 3 32W * ? *)', 'column 10 (day-of-month)'],
    ['cron(0 3 * 13 ? *)', 'column 12 (month): "13" found, expected 1-12 or JAN-DEC'],
    ['cron(0 3 ? * 8 *)', 'column 14 (day-of-week): "8" found, expected 1-7 or SUN-SAT'],
    ['cron(0 3 ? * MON#6 *)', 'column 14 (day-of-week)'],
    ['cron(0 3 ? * * 1969)', 'column 16 (year): "1969" found, expected 1970-2199'],
    ['cron(0/0 * * * ? *)', 'expected a step of 1 to 59'],
    ['cron(0 22-2 * * ? *)', 'column 8 (hours): "22-2" found, expected a range that does not wrap'],
    ['cron(0 3 ? * MON-DOM *)', 'column 14 (day-of-week): "MON-DOM" found'],
    ['cron(1.5 3 * * ? *)', 'column 6 (minutes)'],
    ['cron(? 3 * * ? *)', 'column 6 (minutes)'],
  ])('%s', (text, expected) => {
    const read = readSchedule(text);
    expect(read.ok ? 'taken' : read.expected).toContain(expected);
  });

  test('all wrong fields in one answer', () => {
    const read = readSchedule('cron(99 99 ? * XYZ *)');
    expect(read).toEqual({
      ok: false,
      expected:
        'a cron that EventBridge Scheduler takes; column 6 (minutes): "99" found, expected 0-59, with * , - /; ' +
        'column 9 (hours): "99" found, expected 0-23, with * , - /; ' +
        'column 16 (day-of-week): "XYZ" found, expected 1-7 or SUN-SAT, with * , - /, or 6L or MON#1',
    });
  });
});
