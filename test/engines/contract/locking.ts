import { describe, expect, onTestFinished, test } from 'vitest';
import type { ControlConnection } from '../../../functions/engines/engine.ts';
import { sweepAlone } from '../../servers/sweep-alone.ts';
import type { Adapter } from './adapter.ts';
import { connectTo, controlOf, find, generous, openSession, until } from './sessions.ts';

/** One sweep of a login at a time, and nobody else has a say in it. */
export function describeLocking(adapter: Adapter): void {
  const isTaken = async (control: ControlConnection) => (await control.lock()).isTaken;

  describe('the lock', () => {
    test('keeps a second sweep of the same login out until the first has closed', async () => {
      const login = await adapter.createLogin('see and end');
      const [first, second] = [await connectTo(adapter, login), await connectTo(adapter, login)];
      expect(await first.lock()).toMatchObject({ isTaken: true, rivals: [], ended: [] });
      const lock = await second.lock();
      expect(lock).toMatchObject({ isTaken: false, ended: [] });
      expect(lock.rivals).toMatchObject([{ user: login.user }]);
      await first.close();
      await until(() => isTaken(second), 'the lock is free');
    });

    test('is not taken by a control connection that only looks', async () => {
      const login = await adapter.createLogin('see and end');
      const [looker, sweeper] = [await connectTo(adapter, login), await connectTo(adapter, login)];
      await looker.snapshot();
      expect(await isTaken(sweeper)).toBe(true);
    });

    test('is not held by whoever only watches it, however many do, and is seen by them', async () => {
      const login = await adapter.createLogin('see and end');
      const watchers = [await connectTo(adapter, login), await connectTo(adapter, login)];
      for (const watcher of watchers)
        expect(await watcher.watchLock()).toEqual({ isTaken: true, rivals: [], strangers: [], ended: [] });
      const sweeper = await connectTo(adapter, login);
      expect(await isTaken(sweeper)).toBe(true);
      const [watcher] = watchers;
      expect(await watcher?.watchLock()).toMatchObject({ isTaken: false, rivals: [{ user: login.user }] });
      const late = await connectTo(adapter, login, { ...generous, sweepMs: 0 });
      expect((await late.watchLock()).ended).toEqual([]);
    });

    test('goes to at most one of those that begin at once', async () => {
      const login = await adapter.createLogin('see and end');
      for (let round = 0; round < 8; round++) {
        const controls = await Promise.all(
          Array.from({ length: 4 }, () =>
            adapter.engine.connect(login, generous, new AbortController().signal),
          ),
        );
        const wins = await Promise.all(
          controls.map(async (control) => {
            const { isTaken } = await control.lock();
            if (!isTaken) await control.close(); // as a sweep does that was kept out
            return isTaken;
          }),
        );
        await Promise.all(controls.map((control) => control.close()));
        expect(wins.filter(Boolean).length).toBeLessThanOrEqual(1);
      }
    });

    test('does not keep out a sweep with another login, which names this one', async () => {
      onTestFinished(await sweepAlone(adapter.server));
      const [ours, theirs] = [await controlOf(adapter), await controlOf(adapter)];
      expect([await isTaken(ours), await isTaken(theirs)]).toEqual([true, true]);
    });

    test.each(adapter.holdLock)('is not taken by a stranger, who is named: %s', async (sql) => {
      onTestFinished(await sweepAlone(adapter.server));
      const stranger = await adapter.openAs(await adapter.createLogin('nothing'), 'unleak');
      await stranger.run(sql);
      const control = await controlOf(adapter);
      const { isTaken, strangers } = await control.lock();
      expect(isTaken).toBe(true);
      expect(strangers.map(({ id }) => id)).toEqual([stranger.id]);
      const session = find(await control.snapshot(), stranger);
      expect(session.kind).toBe('client');
      expect(strangers).toMatchObject([{ user: session.user, client: session.client }]);
    });

    test.each(adapter.holdLock)('can be kept by whoever has our own login: %s', async (sql) => {
      onTestFinished(await sweepAlone(adapter.server));
      const login = await adapter.createLogin('see and end');
      const holder = await adapter.openAs(login, 'psql');
      await holder.run(sql);
      const lock = await (await connectTo(adapter, login, { ...generous, sweepMs: 0 })).lock();
      expect(lock).toMatchObject({ isTaken: false, ended: [], strangers: [] });
      expect(lock.rivals.map(({ id }) => id)).toEqual([holder.id]);
      await expect(holder.run('select 1')).resolves.toBeDefined();
    });

    test('of a sweep that hangs is taken from it, and the session is ended', async () => {
      const login = await adapter.createLogin('see and end');
      const hanging = await adapter.openAs(login, 'unleak');
      await connectTo(adapter, login); // looks only, and is left alone
      await hanging.run(adapter.mark);
      const ended = hanging.run(adapter.hang).then(
        () => 'went on',
        () => 'ended',
      );
      const young = await connectTo(adapter, login, { ...generous, sweepMs: 60_000 });
      const early = await young.lock();
      await young.close();
      expect(early).toMatchObject({ isTaken: false, ended: [] });
      let lock = early;
      await until(async () => {
        const control = await connectTo(adapter, login, { ...generous, sweepMs: 500 });
        lock = await control.lock();
        if (!lock.isTaken) await control.close();
        return lock.isTaken;
      }, 'it has hung for long enough');
      expect(lock.ended.map(({ id }) => id)).toEqual([hanging.id]);
      expect(await ended).toBe('ended');
      expect(await adapter.countSessionsOf(login.user)).toBe(2);
    });
  });

  describe('a stranger who calls himself unleak', () => {
    test('is a client like any other, and can be ended', async () => {
      const stranger = await adapter.openAs(await adapter.createLogin('nothing'), 'unleak');
      await stranger.run('select 1');
      const control = await controlOf(adapter);
      const bystander = await openSession(adapter);
      await bystander.work();
      await until(async () => find(await control.snapshot(), stranger).state === 'idle', 'it rests');
      const session = find(await control.snapshot(), stranger);
      expect(session.kind).toBe('client');
      expect(await control.end([{ session, action: 'terminate' }])).toEqual([
        { id: stranger.id, result: 'signalled' },
      ]);
      await until(
        async () => !(await control.snapshot()).sessions.some(({ id }) => id === stranger.id),
        'it is gone',
      );
    });
  });
}
