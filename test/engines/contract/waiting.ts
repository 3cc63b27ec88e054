import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import type { Adapter, TestSession } from './adapter.ts';
import { controlOf, find, openSession, until } from './sessions.ts';

/** Who waits for whom, whatever for. */
export function describeWaiting(adapter: Adapter): void {
  describe('waiting', () => {
    test('who waits for a row says so, and nobody else', async () => {
      const control = await controlOf(adapter);
      const [holder, waiter] = [await openSession(adapter), await openSession(adapter)];
      await holder.begin();
      await waiter.queueForRow();
      const snapshot = await control.snapshot();
      expect(find(snapshot, waiter)).toMatchObject({ waitsForLock: true });
      expect(find(snapshot, waiter).waitingMs).not.toBeNull();
      expect(find(snapshot, holder)).toMatchObject({
        waitsForLock: false,
        waitingMs: 0,
        waitsForClient: false,
      });
    });

    test('of the whole queue behind one who waits for a table, each is seen and the root is found', async () => {
      const control = await controlOf(adapter);
      const [root, change] = [await openSession(adapter), await openSession(adapter)];
      const readers = [await openSession(adapter), await openSession(adapter), await openSession(adapter)];
      await root.begin();
      await change.queueForTable();
      for (const reader of readers) await reader.queueBehindTable();
      await until(async () => (longestOf(await control.snapshot(), change) ?? 0) >= 100, 'they have waited');
      const snapshot = await control.snapshot();
      expect(idsBlockedBy(snapshot, root)).toEqual([change.id]);
      expect(idsBlockedBy(snapshot, change)).toEqual(readers.map(({ id }) => id).sort());
      for (const waiter of [change, ...readers])
        expect(find(snapshot, waiter)).toMatchObject({ state: 'active', waitsForLock: true });
      expect(longestOf(snapshot, change)).toBeGreaterThan(0);
      for (const { waitingMs } of [root, change].flatMap((session) => find(snapshot, session).blocks ?? []))
        expect(waitingMs).not.toBeNull();
    });

    test('an idle holder of a user lock keeps others waiting', async () => {
      const control = await controlOf(adapter);
      const [holder, waiter] = [await openSession(adapter), await openSession(adapter)];
      await holder.takeUserLock();
      await waiter.queueForUserLock(holder.id);
      const snapshot = await control.snapshot();
      expect(idsBlockedBy(snapshot, holder)).toEqual([waiter.id]);
      expect(find(snapshot, waiter)).toMatchObject({ waitsForLock: true });
    });

    test('a transaction that no session has is named, with whom it keeps waiting', async () => {
      const control = await controlOf(adapter);
      const [gone, waiter] = [await openSession(adapter), await openSession(adapter)];
      expect((await control.snapshot()).detached).toEqual([]);
      const { name, end } = await gone.detach();
      await waiter.queueForRow();
      const { detached } = await control.snapshot();
      await waiter.close();
      await end();
      expect(detached).toMatchObject([{ name, blocks: [{ id: waiter.id }] }]);
      expect((await control.snapshot()).detached).toEqual([]);
    });
  });
}

function idsBlockedBy(snapshot: Snapshot, session: TestSession): readonly string[] | undefined {
  return find(snapshot, session)
    .blocks?.map(({ id }) => id)
    .sort();
}

function longestOf(snapshot: Snapshot, waiter: TestSession): number | null {
  return find(snapshot, waiter).waitingMs;
}
