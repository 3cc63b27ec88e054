import { expect, test } from 'vitest';
import { findLostLocks } from '../../../functions/core/findings/lost-locks.ts';
import type { Situation } from '../../../functions/core/findings/situation.ts';
import type { LostLocks, Snapshot } from '../../../functions/core/model/snapshot.ts';

const holder = (id: string, user: string, locks: number) => ({
  id,
  user,
  application: 'x',
  client: '10.0.0.7',
  locks,
});

function find(lostLocks?: LostLocks) {
  const snapshot = { engine: 'mysql', sessions: [], ...(lostLocks && { lostLocks }) } as unknown as Snapshot;
  const situation: Situation = { snapshot, plan: { decisions: [] }, groups: [] };
  return findLostLocks(situation);
}

test('a server with room for all locks is no finding', () => {
  expect(find()).toEqual([]);
});

test('the finding is critical, names who holds most, and says how to see again without a restart', () => {
  const [finding] = find({
    lost: 51_424,
    holders: [holder('99', 'mallory', 1_048_000), holder('7', 'shop', 12)],
  });
  expect(finding).toMatchObject({
    code: 'lost-locks',
    severity: 'critical',
    who: { user: 'mallory', client: '10.0.0.7' },
  });
  expect(finding?.evidence).toContain('1048000 by session 99 of user mallory');
  expect(finding?.evidence).not.toContain('shop');
  expect(finding?.advice).toContain('FLUSH STATUS');
});

test('once nobody holds many any more it accuses nobody', () => {
  const [finding] = find({ lost: 3, holders: [holder('7', 'shop', 9)] });
  expect(finding?.who).toBeUndefined();
  expect(finding?.evidence).toContain('No session holds many now.');
});
