import { expect, test } from 'vitest';
import { toHidingSessions } from '../../../functions/engines/mysql/snapshot/lost-locks.ts';
import type { Seen } from '../../../functions/engines/mysql/snapshot/raw-session.ts';

const session = (id: string, stateMs: number | null, isInternal = false) =>
  ({ id, stateMs, isInternal }) as Seen;

/** FLUSH STATUS was a minute ago. */
test.each<[string, readonly Seen[], string[]]>([
  ['one that was used since is believed', [session('7', 58_999)], []],
  ['one that has rested for as long is not', [session('7', 59_000)], ['7']],
  ['nor is any older one', [session('7', 0), session('9', 60_000), session('10', 0)], ['7', '9']],
  ['numbers are compared as numbers', [session('99', 60_000), session('100', 0)], ['99']],
  ['one of unknown rest hides itself only', [session('7', 0), session('9', null)], ['9']],
  ['a thread of the server says nothing', [session('7', 0), session('9', 90_000, true)], []],
])('after FLUSH STATUS %s', (_title, seen, hiding) => {
  expect([...toHidingSessions(seen, 60)]).toEqual(hiding);
});
