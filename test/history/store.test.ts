import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import { emptyHistory, type History, observe } from '../../functions/core/history/history.ts';
import { oldStateKey, stateKey } from '../../functions/core/history/layout.ts';
import { toGzip } from '../../functions/flow/history/compress.ts';
import { keep } from '../../functions/flow/history/keep.ts';
import { recall } from '../../functions/flow/history/recall.ts';
import { isMotoHere, withMoto } from '../aws/moto.ts';
import { resting, startMs, sweepAt } from '../core/history/sweeps.ts';
import { openBucket, openFolder, type TestStore } from './stores.ts';

const never = new AbortController().signal;
const now = '2026-01-01T00:00:00.000Z';
const bytes = (text: string) => new TextEncoder().encode(text);

/** Adds one sweep to what is stored, as a sweep does. */
async function add(store: ObjectStore, target: string, minutes: number, before = Promise.resolve()) {
  const recalled = await recall(store, target, now, never);
  await before;
  const change = (history: History) => observe(history, sweepAt(minutes, [resting('1', 20)])).history;
  return keep({ store, target, recalled, change, now, signal: never });
}

async function read(store: ObjectStore, target: string) {
  const { history, fault } = await recall(store, target, now, never);
  return {
    minutes: history?.points.map(({ atMs }) => (atMs - startMs) / 60_000),
    says: fault?.message ?? null,
  };
}

const places: readonly (readonly [string, boolean, () => Promise<TestStore>])[] = [
  ['a folder', true, openFolder],
  [withMoto('a bucket over HTTP'), isMotoHere, openBucket],
];

describe.each(places)('%s', (_title, isHere, openPlace) => {
  let place: TestStore;
  beforeAll(async () => {
    if (isHere) place = await openPlace();
  });
  afterAll(() => (isHere ? place.stop() : undefined));

  test.skipIf(!isHere)('keeps what sweep after sweep adds', async () => {
    expect(await read(place.store, 'orders')).toEqual({ minutes: [], says: null });
    for (const minutes of [0, 5, 10]) expect(await add(place.store, 'orders', minutes)).toBeNull();
    expect(await read(place.other, 'orders')).toEqual({ minutes: [0, 5, 10], says: null });
    expect(await read(place.other, 'payments')).toEqual({ minutes: [], says: null });
  });

  test.skipIf(!isHere)('loses nothing of two writers at once', async () => {
    let go: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (go = resolve));
    const writers = [0, 5, 10, 15].map((minutes, index) =>
      add(index % 2 === 0 ? place.store : place.other, 'two', minutes, both),
    );
    go();
    expect(await Promise.all(writers)).toEqual([null, null, null, null]);
    expect(await read(place.store, 'two')).toEqual({ minutes: [0, 5, 10, 15], says: null });
  });

  test.skipIf(!isHere).each([
    ['not gzip', bytes('hello')],
    ['empty', bytes('')],
    ['gzip of no JSON', toGzip('hello')],
    ['of another shape', toGzip('{"schema":"unleak.history/1"}')],
    ['of a newer release', toGzip('{"schema":"unleak.history/2"}')],
    ['a bomb', toGzip(' '.repeat(5_000_000))],
    ['far too large', new Uint8Array(400_000).map((_byte, index) => (index * 7919) % 251)],
  ])('sets aside an object that is %s, and begins anew', async (what, damaged) => {
    const target = what.replaceAll(' ', '-');
    await place.store.put(stateKey(target), damaged, null, never);
    const { minutes, says } = await read(place.store, target);
    expect(minutes).toEqual([]);
    expect(says).toMatch(/holds something else than this release wrote\. It is kept as set-aside\//);
    const [aside = ''] = await place.store.list(`set-aside/target=${target}/`, never);
    const kept = await place.store.get(aside, 1_000_000, never);
    expect(Buffer.from(kept?.bytes ?? []).equals(damaged)).toBe(true);
    expect(await add(place.store, target, 5)).toBeNull();
    expect(await read(place.store, target)).toEqual({ minutes: [5], says: null });
  });

  test.skipIf(!isHere)('reads what releases before the history wrote', async () => {
    const state = { notificationKey: 'k', notifiedAt: now, outcome: 'ended' } as const;
    await place.store.put(oldStateKey('old'), bytes(JSON.stringify(state)), null, never);
    const { history } = await recall(place.store, 'old', now, never);
    expect(history).toEqual({ ...emptyHistory, notification: state });
    expect(await add(place.store, 'old', 5)).toBeNull();
    expect((await recall(place.store, 'old', now, never)).history?.notification).toEqual(state);
  });

  test.skipIf(!isHere).each(['../escape', 'a/b', 'an unknown target', '100%', '.', '*'])(
    'keeps “%s” within its folder',
    async (target) => {
      expect(await add(place.store, target, 0)).toBeNull();
      expect(await read(place.store, target)).toEqual({ minutes: [0], says: null });
      for (const key of await place.store.list('state/', never))
        expect(key).toMatch(/^state\/target=[^/]+\/history\.json\.gz$/);
    },
  );
});
