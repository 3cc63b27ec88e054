import type { FaultCode } from '../../functions/contract/fault-codes.ts';
import { describe, expect, test } from 'vitest';
import { defaultNotifySettings, type NotifySettings } from '../../functions/contract/event.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import type { NotificationState } from '../../functions/core/notify/notification-state.ts';
import type { Report } from '../../functions/core/model/report.ts';

import type { Deps } from '../../functions/flow/deps.ts';
import { notify } from '../../functions/flow/notify.ts';
import { buildReport } from '../core/build-report.ts';
import { createLocalParts, failing } from './local-parts.ts';

const quiet = buildReport([]);
const news = buildReport([{}, {}, {}]);

function fault(code: FaultCode, step: 'notify' | 'record' = 'notify'): Fault {
  return new Fault({ code, step, message: 'It did not work.' });
}

/** Notifies of one report after the other, all within the cool-down, and counts the messages of each. */
async function tellAll(
  reports: readonly Report[],
  notifySettings: NotifySettings,
  deps: Partial<Deps> = {},
  past: NotificationState | null = null,
): Promise<{ readonly counts: readonly number[]; readonly past: NotificationState | null }> {
  const counts: number[] = [];
  let remembered = past;
  for (const report of reports) {
    const parts = createLocalParts('', deps);
    remembered = (await notify(report, remembered, notifySettings, parts.deps)).remember ?? remembered;
    parts.deps.deadline.end();
    counts.push(parts.messages.length);
  }
  return { counts, past: remembered };
}

describe('news', () => {
  test.each<readonly [NotifySettings['when'], readonly Report[], readonly number[]]>([
    ['change', [news, news], [1, 0]],
    ['change', [quiet, news, quiet, news], [0, 1, 0, 0]],
    ['action', [news, quiet, news], [1, 0, 1]],
    ['always', [quiet, quiet], [1, 1]],
  ])('when: %s', async (when, reports, expected) => {
    const { counts } = await tellAll(reports, { ...defaultNotifySettings, when });
    expect(counts).toEqual(expected);
  });

  test('are told again after the cool-down, by the sweep’s clock', async () => {
    const at = (ms: number) => ({ now: () => Date.UTC(2026, 0) + ms });
    const { coolDownMs } = defaultNotifySettings;
    const first = await tellAll([news], defaultNotifySettings, at(0));
    const early = await tellAll([news], defaultNotifySettings, at(coolDownMs - 1), first.past);
    const late = await tellAll([news], defaultNotifySettings, at(coolDownMs), early.past);
    expect([first.counts, early.counts, late.counts]).toEqual([[1], [0], [1]]);
  });
});

describe('what goes wrong', () => {
  test.each([
    ['publish.denied', fault('publish.denied')],
    ['invariant.unexpected', new TypeError('x is not a function')],
  ])('%s: what nobody took is not remembered as told', async (code, error) => {
    const parts = createLocalParts('', { notifier: failing(error) });
    const told = await notify(news, null, defaultNotifySettings, parts.deps);
    parts.deps.deadline.end();
    expect(told.fault?.code).toBe(code);
    expect(told).toMatchObject({ remember: null, notification: { isSent: false } });
  });
});
