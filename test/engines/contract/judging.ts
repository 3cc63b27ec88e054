import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../functions/core/model/snapshot.ts';
import type { ControlConnection } from '../../../functions/engines/engine.ts';
import type { RuleInput } from '../../core/build-session.ts';
import type { Adapter } from './adapter.ts';
import { carryOut, idsTakenBy } from './deciding.ts';
import { controlOf, errorOf, find, openSession, until } from './sessions.ts';

/** What rules say of real sessions that wait, or are waited for. */
export function describeJudging(adapter: Adapter): void {
  const isPostgres = adapter.server.kind === 'postgres';

  describe('judging', () => {
    test('a victim of a row lock is taken only by a rule for those who wait, and its statement cancelled', async () => {
      const control = await controlOf(adapter);
      const [holder, victim] = [await openSession(adapter), await openSession(adapter)];
      await holder.begin();
      const queued = await victim.queueForRow();
      const failed = errorOf(queued.ended);
      const snapshot = await untilItWaits(control, victim);
      const takes = (rule: Partial<RuleInput>) => idsTakenBy(snapshot, victim.user, rule);
      expect(takes({})).toEqual([]);
      expect(takes({ action: 'cancel' })).toEqual([]);
      expect(takes({ waiting: false })).toEqual([]);
      expect(takes({ waiting: true })).toEqual([victim.id]);
      expect(takes({ for: undefined, waiting: '1s' })).toEqual([victim.id]);
      expect(takes({ for: undefined, waiting: '1h' })).toEqual([]);
      expect(takes({ waitingForClient: true })).toEqual([]);
      const results = await carryOut(control, victim.user, { waiting: true, action: 'cancel' });
      expect(results).toEqual(['cancelled']);
      await failed;
      expect([await victim.answers(), await holder.answers()]).toEqual([true, true]);
    });

    test('a blocker that keeps itself alive is ended by how long others have waited for it', async () => {
      const control = await controlOf(adapter);
      const [holder, victim] = [await openSession(adapter), await openSession(adapter)];
      await holder.begin();
      const queued = await victim.queueForRow();
      await untilItWaits(control, victim);
      await holder.work(); // the keepalive
      const resting = { state: 'idle in transaction', for: undefined } as const;
      const snapshot = await control.snapshot();
      expect(find(snapshot, holder).stateMs).toBeLessThan(1_000);
      expect(idsTakenBy(snapshot, holder.user, { ...resting, for: '1s', blocking: '1s' })).toEqual([]);
      expect(idsTakenBy(snapshot, holder.user, { ...resting, transaction: '1h' })).toEqual([]);
      const results = await carryOut(control, holder.user, { ...resting, transaction: '1s', blocking: '1s' });
      expect(results).toEqual(['terminated']);
      await queued.ended;
      expect(await holder.answers()).toBe(false);
    });

    test('a full limit of a role or user puts a rule in force for its own sessions', async () => {
      const control = await controlOf(adapter);
      const [full, half] = [
        await openSession(adapter, { limit: 1 }),
        await openSession(adapter, { limit: 2 }),
      ];
      await Promise.all([full.work(), half.work()]);
      const rule = { state: 'idle', match: { user: [full.user, half.user] } } satisfies Partial<RuleInput>;
      let snapshot = await control.snapshot();
      await until(async () => {
        snapshot = await control.snapshot();
        return idsTakenBy(snapshot, full.user, rule).length === 2;
      }, 'both have been idle for a second');
      const above = { ...rule, utilization: { above: '80%', until: '50%' } };
      expect(idsTakenBy(snapshot, full.user, above)).toEqual([full.id]);
      expect(await carryOut(control, full.user, above)).toEqual(['terminated']);
      expect([await full.answers(), await half.answers()]).toEqual([false, true]);
    });

    test('who waits for a user’s own lock is a victim too', async () => {
      const control = await controlOf(adapter);
      const sql = isPostgres ? 'select pg_advisory_lock(4711, 1)' : `SELECT GET_LOCK('judging', 60)`;
      const login = await adapter.createLogin('nothing');
      const [holder, victim] = [await adapter.openAs(login, 'a'), await adapter.openAs(login, 'b')];
      await holder.run(sql);
      const failed = errorOf(victim.run(sql));
      failed.catch(() => undefined);
      const snapshot = await untilItWaits(control, victim);
      expect(idsTakenBy(snapshot, login.user, {})).toEqual([]);
      expect(idsTakenBy(snapshot, login.user, { waiting: true })).toEqual([victim.id]);
      await carryOut(control, login.user, { waiting: true });
      await failed;
    });
  });
}

async function untilItWaits(control: ControlConnection, session: { readonly id: string }): Promise<Snapshot> {
  let snapshot = await control.snapshot();
  await until(async () => {
    await new Promise((done) => setTimeout(done, 150)); // InnoDB's list is stale for whoever asks more often
    snapshot = await control.snapshot();
    const { waitsForLock, waitingMs, stateMs } = find(snapshot, session);
    return waitsForLock === true && (waitingMs ?? 0) >= 1_000 && (stateMs ?? 0) >= 1_000;
  }, 'it has waited for a second');
  return snapshot;
}
