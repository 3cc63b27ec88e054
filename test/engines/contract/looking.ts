import { describe, expect, test } from 'vitest';
import type { Session } from '../../../functions/core/model/session.ts';
import type { ControlConnection } from '../../../functions/engines/engine.ts';
import type { Adapter, TestSession } from './adapter.ts';
import { connectTo, controlOf, errorOf, find, openSession, until } from './sessions.ts';

/** What a look must see, and say that it cannot. */
export function describeLooking(adapter: Adapter): void {
  describe('looking', () => {
    const states: readonly (readonly [Session['state'], (session: TestSession) => Promise<unknown>])[] = [
      ['idle', (session) => session.work()],
      ['idle in transaction', (session) => session.begin()],
      ['active', (session) => session.run()],
    ];
    test.each(states)('tells who is %s and for how long', async (state, reach) => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      const before = await adapter.nowMs();
      await reach(session);
      const after = await adapter.nowMs();
      const snapshot = await control.snapshot();
      const seen = find(snapshot, session);
      const { id, user, database, application } = session;
      expect(seen).toMatchObject({ id, user, database, application, kind: 'client', state });
      const takenAt = Date.parse(snapshot.takenAt);
      expectAge(adapter, seen.stateMs, takenAt - after, takenAt - before);
      if (state === 'idle') expect(seen.transactionMs).toBe(0);
      if (state === 'idle in transaction')
        expectAge(adapter, seen.transactionMs, takenAt - after, takenAt - before);
      expect(seen.superuser).toBe(false);
      expect(seen.client).toMatch(/^127\.0\.0\.1$|^localhost$|^::1$/);
    });

    test('an age grows while nothing happens, and the identity stays', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.work();
      const first = find(await control.snapshot(), session);
      await until(async () => {
        const next = find(await control.snapshot(), session);
        expect(next.identity).toEqual(first.identity);
        return (next.stateMs ?? 0) > (first.stateMs ?? 0);
      }, 'it is idle for longer');
    });

    test('the identity changes when the session is used', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.work();
      const first = find(await control.snapshot(), session);
      await session.work();
      const second = find(await control.snapshot(), session);
      expect(second.identity.connection).toBe(first.identity.connection);
      expect(second.identity).not.toEqual(first.identity);
    });

    test('tells whom an idle transaction keeps waiting, and for how long', async () => {
      const control = await controlOf(adapter);
      const holder = await openSession(adapter);
      const waiter = await openSession(adapter);
      await holder.begin();
      const before = await adapter.nowMs();
      await waiter.queueForRow();
      const after = await adapter.nowMs();
      const snapshot = await control.snapshot();
      const seen = find(snapshot, holder);
      expect(seen.state).toBe('idle in transaction');
      expect(seen.blocks?.map(({ id }) => id)).toEqual([waiter.id]);
      const takenAt = Date.parse(snapshot.takenAt);
      const waitingMs = seen.blocks?.[0]?.waitingMs ?? null;
      expectAge(adapter, waitingMs, takenAt - after, takenAt - before);
      expect(find(snapshot, waiter).blocks).toEqual([]);
    });

    test('tells who holds a user lock', async () => {
      const control = await controlOf(adapter);
      const holder = await openSession(adapter);
      const other = await openSession(adapter);
      await holder.takeUserLock();
      await other.work();
      const snapshot = await control.snapshot();
      expect(find(snapshot, holder)).toMatchObject({ state: 'idle', advisoryLock: true });
      expect(find(snapshot, other)).toMatchObject({ state: 'idle', advisoryLock: false });
    });

    test('removes literals from statements', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      await session.run();
      const { statement } = find(await control.snapshot(), session);
      expect(statement).toMatch(/sleep/i);
      expect(statement).not.toMatch(/\d{2}/);
    });

    test('counts capacity, our own connection included', async () => {
      const control = await controlOf(adapter);
      const first = await control.snapshot();
      const { maxConnections, reserved, used } = first.capacity;
      expect(maxConnections).toBe(100);
      expect(reserved).toBeGreaterThanOrEqual(0);
      expect(reserved).toBeLessThan(maxConnections);
      const slots = first.sessions.filter(({ kind }) => kind === 'client' || kind === 'unleak');
      expect(used).toBe(slots.length);
      expect(first.engine).toBe(adapter.server.kind);
      expect(adapter.server.version).toContain(first.version.split('-')[0]);
    });

    test('counts limits of accounts', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter, { limit: 5 });
      const { capacity } = await control.snapshot();
      expect(capacity.limits).toContainEqual(
        expect.objectContaining({ name: expect.stringContaining(session.user) as string, limit: 5, used: 1 }),
      );
    });

    test('knows our own connections from all others', async () => {
      const login = await adapter.createLogin('see and end');
      const control = await connectTo(adapter, login);
      const second = await connectTo(adapter, login);
      for (const looker of [control, second]) {
        const { sessions } = await looker.snapshot();
        const ours = sessions.filter(({ user }) => user === login.user);
        expect(ours.map(({ kind }) => kind)).toEqual(['unleak', 'unleak']);
      }
    });

    test('knows a superuser’s session', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter, 'superuser');
      expect(find(await control.snapshot(), session).superuser).toBe(true);
    });
  });

  describe('privileges', () => {
    test('a login that may not see is a fault with the grant that mends it', async () => {
      const login = await adapter.createLogin('nothing');
      const fault = await errorOf((await connectTo(adapter, login)).snapshot());
      expect(fault).toMatchObject({
        kind: 'Snapshot',
        code: 'snapshot.privileges',
        step: 'snapshot',
        actor: 'dba',
      });
      const [grant] = /GRANT [^;]*;/.exec((fault as Error).message) ?? [];
      await adapter.execute(grant ?? 'the message holds no grant');
      await expect((await connectTo(adapter, login)).snapshot()).resolves.toBeDefined();
    });

    test('a login that may not end says so with the grant that mends it', async () => {
      const login = await adapter.createLogin('see');
      const { missing } = await (await connectTo(adapter, login)).snapshot();
      expect(missing.map(({ prevents }) => prevents)).toContain('ending');
      for (const { grant } of missing) await adapter.execute(grant);
      await expectNothingMissing(await connectTo(adapter, login));
    });

    test('a login that may see and end lacks nothing', async () => {
      await expectNothingMissing(await controlOf(adapter));
    });
  });
}

// Other tests look at the same server, and whoever polls MariaDB's list of transactions keeps it stale for a while.
async function expectNothingMissing(control: ControlConnection): Promise<void> {
  await expect.poll(async () => (await control.snapshot()).missing, { timeout: 30_000 }).toEqual([]);
}

function expectAge({ ageToleranceMs }: Adapter, age: number | null, least: number, most: number): void {
  expect(age).not.toBeNull();
  expect(age).toBeGreaterThanOrEqual(Math.max(0, least - ageToleranceMs));
  expect(age).toBeLessThanOrEqual(most + ageToleranceMs);
}
