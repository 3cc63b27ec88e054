import { leftAlone } from './left-alone.ts';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../../functions/contract/rule.ts';
import type { Session } from '../../../functions/core/model/session.ts';
import type { Attempt, ControlConnection } from '../../../functions/engines/engine.ts';
import type { Adapter, TestSession } from './adapter.ts';
import { connectTo, controlOf, errorOf, find, openSession, until } from './sessions.ts';

type State = 'idle' | 'idle in transaction';
type Change = (session: TestSession) => Promise<unknown>;

/** What happens by force between the look and the signal, and what must become of it. */
const changes: readonly (readonly [what: string, from: State, result: 'changed' | 'gone', change: Change])[] =
  [
    ['woke up and is active', 'idle', 'changed', (session) => session.run()],
    ['ran another statement and is idle again', 'idle', 'changed', (session) => session.work()],
    ['began a transaction', 'idle', 'changed', (session) => session.begin()],
    ['took a lock and is idle again', 'idle', 'changed', (session) => session.takeUserLock()],
    ['went away', 'idle', 'gone', (session) => session.close()],
    [
      'ran another statement in its transaction',
      'idle in transaction',
      'changed',
      (session) => session.work(),
    ],
    ['woke up in its transaction', 'idle in transaction', 'changed', (session) => session.run()],
    ['committed', 'idle in transaction', 'changed', (session) => session.commit()],
    ['began the next transaction', 'idle in transaction', 'changed', commitAndBegin],
    ['went away in its transaction', 'idle in transaction', 'gone', (session) => session.close()],
  ];

/** Ending exactly those that are still what was seen. */
export function describeEnding(adapter: Adapter): void {
  describe('ending', () => {
    test('ends idle sessions and idle transactions, and they notice', async () => {
      const control = await controlOf(adapter);
      const idle = await reach(adapter, 'idle');
      const open = await reach(adapter, 'idle in transaction');
      const attempts = await lookAndEnd(control, [idle, open]);
      expect(attempts).toEqual([idle, open].map(({ id }) => ({ id, result: 'signalled' })));
      await untilGone(control, [idle, open]);
      expect([await idle.answers(), await open.answers()]).toEqual([false, false]);
    });

    test.each(changes)('leaves alone one that %s', async (_what, from, result, change) => {
      const control = await controlOf(adapter);
      const session = await reach(adapter, from);
      const bystander = await reach(adapter, 'idle');
      const seen = await see(control, [session, bystander]);
      await change(session);
      const attempts = await endThem(control, seen);
      expect(attempts).toEqual([
        { id: session.id, result: result === 'changed' ? leftAlone : result },
        { id: bystander.id, result: 'signalled' },
      ]);
      if (result === 'gone') return;
      await untilGone(control, [bystander]);
      expect(find(await control.snapshot(), session).identity.connection).toBe(seen[0].identity.connection);
    });

    test('leaves alone another session that has the same number', async () => {
      const control = await controlOf(adapter);
      const session = await reach(adapter, 'idle');
      const [seen] = await see(control, [session]);
      const earlier = { ...seen, identity: { ...seen.identity, connection: '1' } };
      expect(await endThem(control, [earlier])).toEqual([{ id: session.id, result: 'gone' }]);
      expect(await session.answers()).toBe(true);
    });

    test('leaves alone a session in another state than was seen', async () => {
      const control = await controlOf(adapter);
      const session = await reach(adapter, 'idle');
      const [seen] = await see(control, [session]);
      const attempts = await endThem(control, [{ ...seen, state: 'idle in transaction' }]);
      expect(attempts).toEqual([{ id: session.id, result: leftAlone }]);
      expect(await session.answers()).toBe(true);
    });

    test('leaves alone a session of which a fact is missing', async () => {
      const control = await controlOf(adapter);
      const session = await reach(adapter, 'idle');
      const [seen] = await see(control, [session]);
      for (const key of Object.keys(seen.identity).filter((name) => seen.identity[name] !== '')) {
        const attempts = await endThem(control, [{ ...seen, identity: { ...seen.identity, [key]: '' } }]);
        expect(attempts, key).not.toEqual([{ id: session.id, result: 'signalled' }]);
      }
      expect(await session.answers()).toBe(true);
    });

    test('a refused session does not stop the others', async () => {
      const control = await controlOf(adapter);
      const first = await reach(adapter, 'idle');
      const untouchable = await openSession(adapter, 'superuser');
      await untouchable.work();
      const last = await reach(adapter, 'idle');
      const attempts = await lookAndEnd(control, [first, untouchable, last]);
      expect(attempts.map(({ result }) => result)).toEqual(['signalled', 'refused', 'signalled']);
      expect(attempts[1]).toMatchObject({ id: untouchable.id, code: adapter.refusalCode });
      await untilGone(control, [first, last]);
      expect(await untouchable.answers()).toBe(true);
    });

    test('without the privilege each is refused with the server’s code', async () => {
      const control = await controlOf(adapter, 'see');
      const session = await reach(adapter, 'idle');
      const attempts = await lookAndEnd(control, [session]);
      expect(attempts).toMatchObject([{ id: session.id, result: 'refused', code: adapter.refusalCode }]);
      expect(await session.answers()).toBe(true);
    });

    test('ends a session at work, if a rule says so, but not once it works on something else', async () => {
      const control = await controlOf(adapter);
      const [first, second] = [await openSession(adapter), await openSession(adapter)];
      const runs = [await first.run(), await second.run()];
      const over = runs.map(({ ended }) => errorOf(ended));
      const seen = await see(control, [first, second]);
      await endThem(control, [seen[1] as Session], 'cancel');
      await over[1];
      const next = await second.run();
      const nextFailed = errorOf(next.ended);
      const attempts = await endThem(control, seen);
      expect(attempts).toEqual([
        { id: first.id, result: 'signalled' },
        { id: second.id, result: leftAlone },
      ]);
      expect(await over[0]).toBeInstanceOf(Error);
      expect(find(await control.snapshot(), second).state).toBe('active');
      await second.close();
      await nextFailed;
    });

    test('cancels a statement and keeps its session', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      const { ended } = await session.run();
      const failed = errorOf(ended);
      const attempts = await lookAndEnd(control, [session], 'cancel');
      expect(attempts).toEqual([{ id: session.id, result: 'signalled' }]);
      expect(await failed).toBeInstanceOf(Error);
      expect(await session.answers()).toBe(true);
    });

    test('does not cancel the next statement', async () => {
      const control = await controlOf(adapter);
      const session = await openSession(adapter);
      const { ended } = await session.run();
      const failed = errorOf(ended);
      const seen = await see(control, [session]);
      await endThem(control, seen, 'cancel');
      await failed;
      const next = await session.run();
      const nextFailed = errorOf(next.ended);
      expect(await endThem(control, seen, 'cancel')).toEqual([{ id: session.id, result: leftAlone }]);
      expect(find(await control.snapshot(), session).state).toBe('active');
      await session.close();
      await nextFailed;
    });

    test('never ends a control connection, its own or another', async () => {
      const login = await adapter.createLogin('see and end');
      const control = await connectTo(adapter, login);
      const other = await connectTo(adapter, login);
      const ours = (await control.snapshot()).sessions.filter(({ user }) => user === login.user);
      const attempts = await endThem(control, ours);
      expect(attempts).toHaveLength(2);
      for (const { result } of attempts) expect(result).not.toBe('signalled');
      await expect(control.snapshot()).resolves.toBeDefined();
      await expect(other.snapshot()).resolves.toBeDefined();
    });

    test('ends many at once, and nothing for an empty batch', async () => {
      const control = await controlOf(adapter);
      const sessions: TestSession[] = [];
      while (sessions.length < 25) sessions.push(await reach(adapter, 'idle'));
      const attempts = await lookAndEnd(control, sessions);
      expect(attempts).toEqual(sessions.map(({ id }) => ({ id, result: 'signalled' })));
      await untilGone(control, sessions);
      expect(await control.end([])).toEqual([]);
    });
  });
}

async function commitAndBegin(session: TestSession): Promise<void> {
  await session.commit();
  await session.begin();
}

async function reach(adapter: Adapter, state: State): Promise<TestSession> {
  const session = await openSession(adapter);
  await (state === 'idle' ? session.work() : session.begin());
  return session;
}

async function see(
  control: ControlConnection,
  sessions: readonly TestSession[],
): Promise<[Session, ...Session[]]> {
  const snapshot = await control.snapshot();
  const [first, ...rest] = sessions.map((session) => find(snapshot, session));
  if (!first) throw new Error('no session to see');
  return [first, ...rest];
}

function endThem(
  control: ControlConnection,
  sessions: readonly Session[],
  action: Action = 'terminate',
): Promise<readonly Attempt[]> {
  return control.end(sessions.map((session) => ({ session, action })));
}

async function lookAndEnd(
  control: ControlConnection,
  sessions: readonly TestSession[],
  action?: Action,
): Promise<readonly Attempt[]> {
  return endThem(control, await see(control, sessions), action);
}

async function untilGone(control: ControlConnection, sessions: readonly TestSession[]): Promise<void> {
  const ids = new Set(sessions.map(({ id }) => id));
  const areGone = async () => (await control.snapshot()).sessions.every(({ id }) => !ids.has(id));
  await until(areGone, 'the ended sessions are gone');
}
