import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyFileSchema } from '../../../functions/contract/history-file.ts';
import { fitHistory, mostHistoryBytes } from '../../../functions/core/history/fit-history.ts';
import type { History } from '../../../functions/core/history/history.ts';
import { toHistory } from '../../../functions/core/history/to-history.ts';
import { toHistoryFile } from '../../../functions/core/history/to-history-file.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import { enforcedAt, observeAll, resting, sweepAt } from './sweeps.ts';

function readBack(text: string): History | null {
  return toHistory(historyFileSchema.parse(JSON.parse(text)));
}

test('a history is read as it was written', () => {
  const history = observeAll([
    sweepAt(0, [resting('1', 40), resting('2', 20, 'u', { user: null, application: null })]),
    enforcedAt(65, [resting('1', 1, 'u2'), resting('3', 20)]),
    sweepAt(130, [resting('4', 20)]),
  ]);
  const notification = {
    notificationKey: 'k',
    notifiedAt: '2026-01-01T00:00:00.000Z',
    outcome: 'ended',
  } as const;
  const whole = { ...history, notification, recordedAtMs: 5 };
  expect(readBack(fitHistory(whole))).toEqual(whole);
});

test('what refers to a name that is not there was written by somebody else', () => {
  const file = toHistoryFile(observeAll([sweepAt(0, [resting('1', 40)])]));
  expect(toHistory({ ...file, programs: [] })).toBeNull();
  expect(toHistory({ ...file, rules: [] })).toBeNull();
});

test('the largest history fits into 256 KiB, and is read again', () => {
  const session = (index: number, round: number): Session =>
    resting(String(1e9 + index), 40 + (index % 50), `u${round}`, {
      user: `user-${'x'.repeat(60)}-${'abcdefghij'[index % 10] ?? ''}`,
      application: `application-${'y'.repeat(80)}`,
      identity: { connection: `${'z'.repeat(60)}${index}`, stateChange: `u${round}` },
    });
  const crowd = (count: number, round: number) =>
    Array.from({ length: count }, (_each, index) => session(index, round));
  const days = Array.from({ length: 34 * 24 }, (_each, hour) => sweepAt(hour * 60, crowd(12, hour)));
  const sweeps = Array.from({ length: 400 }, (_each, index) =>
    sweepAt(34 * 24 * 60 + index * 4, crowd(12, index % 7)),
  );
  const history = observeAll([...days, ...sweeps, sweepAt(34 * 24 * 60 + 2_900, crowd(1_200, 99))]);
  const text = fitHistory(history);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostHistoryBytes);
  const read = readBack(text);
  expect(read?.hours.length).toBeGreaterThan(300);
  expect(read?.points.length).toBeGreaterThan(50);
});

test('no object of another kind is read', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(historyFileSchema.safeParse(JSON.parse(text)).success).toBe(false);
    }),
  );
});
