import { describe, expect, test } from 'vitest';
import { parseWatched, type Watched } from '../../../functions/contract/watch.ts';
import { toWatchMessage } from '../../../functions/core/watch/to-watch-message.ts';
import { watch } from '../../../functions/core/watch/watch.ts';
import type { WatchState } from '../../../functions/core/watch/watch-state.ts';

const minute = 60_000;
const start = Date.UTC(2030, 0, 7, 8); // a Monday

function watched(targets: [string, string][], isStopped = false): Watched {
  const parsed = parseWatched({
    everyMs: 5 * minute,
    coolDownMs: 360 * minute,
    isStopped,
    targets: targets.map(([name, schedule]) => [name, schedule, 'UTC', 3 * minute]),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** Runs the watch every five minutes from `start`, and says at which minutes there was news, and which. */
function run(
  all: (atMinute: number) => Watched,
  sweptAt: (name: string, atMinute: number) => number | null,
  minutes: number,
  before: WatchState | null = null,
) {
  const news: string[] = [];
  let state = before;
  for (let at = 0; at <= minutes; at += 5) {
    const each = all(at);
    const swept = new Map(
      each.targets.flatMap(({ name }) => {
        const last = sweptAt(name, at);
        return last === null ? [] : [[name, start + last * minute] as const];
      }),
    );
    const found = watch(each, swept, state, start + at * minute);
    state = found.state;
    const message = toWatchMessage(found, {});
    if (message) news.push(`${at}: ${message.subject}`);
  }
  return news;
}

const one = watched([['orders', 'rate(5 minutes)']]);

describe('the watch', () => {
  test('says nothing while every target is swept, nor of one that is new', () => {
    expect(
      run(
        () => one,
        (_name, at) => at - 1,
        120,
      ),
    ).toEqual([]);
  });

  test('finds a target whose sweeps stop before the fourth is missing, and says once that they are back', () => {
    const sweptAt = (_name: string, at: number) => (at < 60 ? at : at < 100 ? 55 : at);
    expect(run(() => one, sweptAt, 200)).toEqual([
      '70: unleak: not swept: orders',
      '100: unleak: swept again: orders',
    ]);
  });

  test('finds a target that was never swept since it was installed', () => {
    expect(
      run(
        () => one,
        () => null,
        30,
      ),
    ).toEqual(['15: unleak: not swept: orders']);
  });

  test('says it again after the cool-down', () => {
    expect(
      run(
        () => one,
        () => 0,
        400,
      ),
    ).toEqual(['15: unleak: not swept: orders', '375: unleak: not swept: orders']);
  });

  test('is not kept busy by a target that comes and goes', () => {
    const sweptAt = (_name: string, at: number) => Math.floor(at / 40) * 40;
    expect(run(() => one, sweptAt, 300)).toEqual([
      '15: unleak: not swept: orders',
      '40: unleak: swept again: orders',
    ]);
  });

  test('of business hours does not count the weekend, and on Monday sees three missing sweeps at most', () => {
    const hours = watched([['orders', 'cron(0/5 8-17 ? * MON-FRI *)']]);
    const friday = -(2 * 1_440 + 14 * 60 + 5); // the last sweep, on Friday at 17:55
    const before = {
      ranAtMs: start - 5 * minute,
      isStopped: false,
      known: ['orders'],
      since: {},
      notified: {},
    };
    expect(
      run(
        () => hours,
        () => friday,
        30,
        before,
      ),
    ).toEqual(['10: unleak: not swept: orders']);
  });

  test('names all that are missing, as far as a subject goes', () => {
    const many = watched(Array.from({ length: 60 }, (_, index) => [`orders-${index}`, 'rate(5 minutes)']));
    const found = run(
      () => many,
      () => null,
      20,
    );
    expect(found).toEqual([
      '15: unleak: not swept: orders-0, orders-1, orders-2, orders-3, orders-4 and 55 more',
    ]);
  });

  test('says once that everything was stopped, and once that it goes on, and nothing is missing between', () => {
    const stopped = watched([['orders', 'rate(5 minutes)']], true);
    const all = (at: number) => (at >= 60 && at < 300 ? stopped : one);
    const sweptAt = (_name: string, at: number) => (at < 60 ? at : at < 305 ? 55 : at);
    expect(run(all, sweptAt, 400)).toEqual([
      '60: unleak: stopped: nothing is swept',
      '300: unleak: sweeps again',
    ]);
  });

  test('begins anew when it did not run itself for a while', () => {
    const before = {
      ranAtMs: start - 60 * minute,
      isStopped: false,
      known: ['orders'],
      since: {},
      notified: {},
    };
    const found = watch(one, new Map([['orders', start - 60 * minute]]), before, start);
    expect(found.unswept).toEqual([]);
  });
});

describe('the message of the watch', () => {
  const found = watch(
    watched([
      ['orders', 'rate(5 minutes)'],
      ['stock', 'rate(5 minutes)'],
    ]),
    new Map([['orders', start - 30 * minute]]),
    {
      ranAtMs: start - 5 * minute,
      isStopped: false,
      known: ['orders', 'stock'],
      since: { stock: start - 60 * minute },
      notified: {},
    },
    start,
  );
  const message = toWatchMessage(found, { docs: 'https://example.com/docs' });

  test('says which targets, since when, and what to do', () => {
    const { email } = JSON.parse(message?.message ?? '') as { email: string };
    expect(email).toBe(
      [
        'NOT SWEPT',
        '- orders: 5 sweeps are missing; the last one ended at 2030-01-07T07:30:00Z',
        '- stock: 11 sweeps are missing; no sweep was seen yet',
        '',
        'What to do: https://example.com/docs/runbook.md#not-swept',
        '',
      ].join('\n'),
    );
  });

  test('is JSON for machines, and has attributes to filter by', () => {
    const { sqs } = JSON.parse(message?.message ?? '') as { sqs: string };
    expect(JSON.parse(sqs)).toMatchObject({
      schema: 'unleak.watch/1',
      notSwept: [
        { target: 'orders', missed: 5 },
        { target: 'stock', lastSweptAt: null },
      ],
    });
    expect(message?.attributes).toMatchObject({
      severity: { value: 'critical' },
      target: { value: 'several' },
    });
  });
});
