import { describe, expect, test } from 'vitest';
import { readSchedule } from '../../../functions/contract/schedule/read-schedule.ts';
import { countFired } from '../../../functions/core/schedule/count-fired.ts';

function fired(text: string, after: string, until: string, timezone = 'UTC', most = 100): number {
  const read = readSchedule(text);
  if (!read.ok) throw new Error(read.expected);
  return countFired(read.schedule, timezone, Date.parse(after), Date.parse(until), most);
}

describe('how often a schedule fired between two instants', () => {
  test.each([
    ['rate(5 minutes)', '2030-01-01T00:00:00Z', '2030-01-01T00:14:59Z', 'UTC', 2],
    ['rate(5 minutes)', '2030-01-01T00:00:00Z', '2030-01-01T00:15:00Z', 'UTC', 3],
    ['cron(0/5 * * * ? *)', '2030-01-01T00:00:00Z', '2030-01-01T00:15:00Z', 'UTC', 3],
    // A Friday evening to a Monday morning: nothing fires between.
    ['cron(0/5 8-17 ? * MON-FRI *)', '2030-01-04T17:55:00Z', '2030-01-07T07:59:00Z', 'UTC', 0],
    ['cron(0/5 8-17 ? * MON-FRI *)', '2030-01-04T17:55:00Z', '2030-01-07T08:10:00Z', 'UTC', 3],
    ['cron(0/5 8-17 ? * MON-FRI *)', '2030-01-04T16:55:00Z', '2030-01-07T07:10:00Z', 'Europe/Berlin', 3],
    // The night in which Berlin's clocks go back has 25 hours, the one in which they go forward 23.
    ['cron(0 12 * * ? *)', '2030-10-26T10:00:00Z', '2030-10-27T10:59:00Z', 'Europe/Berlin', 0],
    ['cron(0 12 * * ? *)', '2030-10-26T10:00:00Z', '2030-10-27T11:00:00Z', 'Europe/Berlin', 1],
    ['cron(0 12 * * ? *)', '2030-03-30T11:00:00Z', '2030-03-31T10:00:00Z', 'Europe/Berlin', 1],
    ['cron(0 3 L * ? *)', '2030-01-31T03:00:00Z', '2030-03-01T00:00:00Z', 'UTC', 1],
    ['cron(0 3 LW * ? *)', '2030-03-28T00:00:00Z', '2030-03-29T03:00:00Z', 'UTC', 1], // the 31st is a Sunday
    ['cron(0 3 1W * ? *)', '2030-06-01T00:00:00Z', '2030-06-03T03:00:00Z', 'UTC', 1], // the 1st is a Saturday
    ['cron(0 3 15W * ? *)', '2030-06-13T04:00:00Z', '2030-06-14T03:00:00Z', 'UTC', 1], // the 15th is a Saturday
    ['cron(0 3 ? * TUE#2 *)', '2030-01-01T00:00:00Z', '2030-01-31T00:00:00Z', 'UTC', 1],
    ['cron(0 3 ? * 6L *)', '2030-01-24T00:00:00Z', '2030-01-25T03:00:00Z', 'UTC', 1],
    ['cron(0 3 ? JUN * 2031)', '2030-01-01T00:00:00Z', '2031-07-01T00:00:00Z', 'UTC', 30],
    ['cron(0 0 29 2 ? *)', '2030-01-01T00:00:00Z', '2033-01-01T00:00:00Z', 'UTC', 1],
    ['cron(0 0 30 2 ? *)', '2030-01-01T00:00:00Z', '2033-01-01T00:00:00Z', 'UTC', 0],
  ])('%s after %s until %s in %s', (schedule, after, until, timezone, times) => {
    expect(fired(schedule, after, until, timezone)).toBe(times);
  });

  test('is not counted beyond what is asked', () => {
    expect(fired('cron(* * * * ? *)', '2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 'UTC', 3)).toBe(3);
    expect(fired('rate(1 minute)', '2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 'UTC', 3)).toBe(3);
  });

  test('is none where time ran backwards', () => {
    expect(fired('rate(1 minute)', '2030-01-02T00:00:00Z', '2030-01-01T00:00:00Z')).toBe(0);
  });
});
