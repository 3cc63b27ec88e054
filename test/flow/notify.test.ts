import type { FaultCode } from '../../functions/contract/fault-codes.ts';
import { describe, expect, test } from 'vitest';
import type { History } from '../../functions/aws/ports.ts';
import { defaultNotifySettings, type NotifySettings } from '../../functions/contract/event.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { NotificationState } from '../../functions/core/notify/notification-state.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { toReport } from '../../functions/core/to-report.ts';
import { createDeadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { notify } from '../../functions/flow/notify.ts';
import { buildPolicy, buildSessions, buildSnapshot } from '../core/build-session.ts';
import { createLocalParts, failing, machineReportOf } from './local-parts.ts';

const quiet = reportOf(0);
const news = reportOf(3);

function reportOf(leaks: number): Report {
  const before = buildSnapshot(buildSessions(Array.from({ length: leaks }, () => ({}))));
  return toReport({
    sweepId: 'sweep-1',
    mode: 'dry-run',
    startedAt: '2026-01-01T00:00:00.000Z',
    target: { name: 'orders', engine: 'postgres' },
    lockedOut: false,
    before,
    plan: decide(before, buildPolicy([{}])),
    outcomes: [],
    after: null,
    fault: null,
  });
}

/** A history that lives as long as the test. */
function createMemory(): History & { readonly state: Map<string, NotificationState> } {
  const state = new Map<string, NotificationState>();
  return {
    state,
    last: (target) => Promise.resolve(state.get(target) ?? null),
    remember: (target, what) => {
      state.set(target, what);
      return Promise.resolve();
    },
  };
}

function fault(code: FaultCode, step: 'notify' | 'record' = 'notify'): Fault {
  return new Fault({ code, step, message: 'It did not work.' });
}

/** Tells one report after the other, all within the cool-down, and counts the messages of each. */
async function tellAll(
  reports: readonly Report[],
  notifySettings: NotifySettings,
  deps: Partial<Deps>,
): Promise<number[]> {
  const counts: number[] = [];
  for (const report of reports) {
    const parts = createLocalParts('', deps);
    await notify(report, notifySettings, parts.deps);
    parts.deps.deadline.end();
    counts.push(parts.messages.length);
  }
  return counts;
}

describe('news', () => {
  test.each<readonly [NotifySettings['when'], readonly Report[], readonly number[]]>([
    ['change', [news, news], [1, 0]],
    ['change', [quiet, news, quiet, news], [0, 1, 0, 0]],
    ['action', [news, quiet, news], [1, 0, 1]],
    ['always', [quiet, quiet], [1, 1]],
  ])('when: %s', async (when, reports, expected) => {
    const history = createMemory();
    await expect(tellAll(reports, { ...defaultNotifySettings, when }, { history })).resolves.toEqual(
      expected,
    );
  });

  test('are told at every sweep where there is no memory', async () => {
    await expect(tellAll([news, news], defaultNotifySettings, { history: null })).resolves.toEqual([1, 1]);
  });

  test('are told again after the cool-down, by the sweep’s clock', async () => {
    const history = createMemory();
    const at = (ms: number) => ({ history, now: () => Date.UTC(2026, 0) + ms });
    const { coolDownMs } = defaultNotifySettings;
    await expect(tellAll([news], defaultNotifySettings, at(0))).resolves.toEqual([1]);
    await expect(tellAll([news], defaultNotifySettings, at(coolDownMs - 1))).resolves.toEqual([0]);
    await expect(tellAll([news], defaultNotifySettings, at(coolDownMs))).resolves.toEqual([1]);
  });

  test('are remembered as told, and only then', async () => {
    const history = createMemory();
    const unsent = createLocalParts('', { history, notifier: failing(fault('publish.denied')) });
    await notify(news, defaultNotifySettings, unsent.deps);
    expect(history.state.size).toBe(0);
    await expect(tellAll([news], defaultNotifySettings, { history })).resolves.toEqual([1]);
    expect([...history.state.keys()]).toEqual(['orders']);
    unsent.deps.deadline.end();
  });
});

describe('what goes wrong', () => {
  const readFault = fault('publish.history', 'record');

  async function tellWith(deps: Partial<Deps>, report = news) {
    const parts = createLocalParts('', deps);
    const faults = await notify(report, defaultNotifySettings, parts.deps);
    parts.deps.deadline.end();
    return { codes: faults.map(({ code }) => code), messages: parts.messages };
  }

  test('a history that cannot be read is a fault, and the news is told and remembered all the same', async () => {
    const memory = createMemory();
    const history = { ...memory, last: failing(readFault).last };
    const { codes, messages } = await tellWith({ history });
    expect(codes).toEqual(['publish.history']);
    expect(machineReportOf(messages[0])).toMatchObject({ outcome: 'would-end' });
    expect(memory.state.size).toBe(1);
  });

  test('a history that cannot be read is a fault also when there is no news', async () => {
    const { codes, messages } = await tellWith({ history: failing(readFault) }, quiet);
    expect([codes, messages.length]).toEqual([['publish.history'], 0]);
  });

  test('a history that cannot be written is a fault after the news was told', async () => {
    const history = { ...createMemory(), remember: failing(readFault).remember };
    const { codes, messages } = await tellWith({ history });
    expect([codes, messages.length]).toEqual([['publish.history'], 1]);
  });

  test('a publish that failed is the graver fault of two, and both are known', async () => {
    const history = failing(readFault);
    const { codes } = await tellWith({ history, notifier: failing(fault('publish.denied')) });
    expect(codes).toEqual(['publish.denied', 'publish.history']);
  });

  test('an error that nobody translated is a defect of unleak, told as one', async () => {
    const { codes } = await tellWith({ notifier: failing(new TypeError('x is not a function')) });
    expect(codes).toEqual(['invariant.unexpected']);
  });

  test('a history that never answers leaves the notice most of the time', async () => {
    const waits: number[] = [];
    const start = performance.now();
    const history: History = {
      ...createMemory(),
      last: (_target, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            waits.push(performance.now() - start);
            reject(readFault);
          });
        }),
    };
    const deadline = createDeadline(24_000, Date.now); // a quarter of it is for telling
    deadline.end();
    const { codes, messages } = await tellWith({
      history,
      deadline: { ...deadline, notifyLeftMs: () => 6_000 },
    });
    expect([codes, messages.length]).toEqual([['publish.history'], 1]);
    expect(waits[0]).toBeLessThan(4_000); // a third is 2,000
  });
});
