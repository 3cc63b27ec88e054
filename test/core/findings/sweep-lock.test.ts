import { expect, test } from 'vitest';
import { longestSweepMs } from '../../../functions/contract/sweep-time.ts';
import { findSweepLock } from '../../../functions/core/findings/sweep-lock.ts';
import type { LockHolder, SweepLock } from '../../../functions/core/sweep-lock.ts';

const free: SweepLock = { isTaken: true, rivals: [], ended: [], strangers: [] };
const sweeper: LockHolder = {
  id: '4711',
  user: 'unleak',
  application: 'unleak',
  client: '10.0.0.7',
  ageMs: 900,
};
const hanging: LockHolder = { ...sweeper, id: '4712', ageMs: 2 * longestSweepMs };
const mallory: LockHolder = { id: '99', user: 'mallory', application: 'psql', client: '', ageMs: null };

test('a free lock is no finding', () => {
  expect(findSweepLock(free)).toEqual([]);
});

test.each<[string, SweepLock, [string, string, RegExp][]]>([
  [
    'another sweep is for the record',
    { ...free, isTaken: false, rivals: [sweeper] },
    [
      [
        'sweep-running',
        'info',
        /^Session 4711 of user unleak \(application unleak\) from 10\.0\.0\.7, there for 900ms/,
      ],
    ],
  ],
  [
    'one that is just younger than two sweeps is for the record as well',
    { ...free, isTaken: false, rivals: [{ ...sweeper, ageMs: 2 * longestSweepMs - 1 }] },
    [['sweep-running', 'info', /4711/]],
  ],
  [
    'one that holds it for as long as two sweeps, and was not ended, is news',
    { ...free, isTaken: false, rivals: [{ ...hanging, application: 'psql' }] },
    [['hung-sweep', 'warning', /4712 .*psql/]],
  ],
  [
    'one that was ended is news',
    { ...free, ended: [hanging] },
    [['hung-sweep', 'warning', /\(4m\), and was ended/]],
  ],
  [
    'one that was told to end and stays is told once',
    { ...free, isTaken: false, rivals: [hanging], ended: [hanging] },
    [['hung-sweep', 'warning', /is still there/]],
  ],
  [
    'a stranger is news, once for each user',
    { ...free, strangers: [mallory, { ...mallory, id: '100' }, { ...mallory, id: '101', user: 'eve' }] },
    [
      [
        'foreign-lock',
        'warning',
        /^Session 99 of user mallory \(application psql\) holds it, as do others of this user \(1 session\)/,
      ],
      ['foreign-lock', 'warning', /^Session 101 of user eve/],
    ],
  ],
])('%s', (_title, lock, expected) => {
  const found = findSweepLock(lock);
  expect(found.map(({ code, severity }) => [code, severity])).toEqual(
    expected.map(([code, severity]) => [code, severity]),
  );
  for (const [index, [, , evidence]] of expected.entries()) expect(found[index]?.evidence).toMatch(evidence);
});

test('what a stranger calls himself is harmless to print', () => {
  const [finding] = findSweepLock({
    ...free,
    strangers: [{ ...mallory, application: 'a\u001b[2Jb', user: 'x\ny' }],
  });
  expect(JSON.stringify(finding)).not.toMatch(/\\u001b|\\n/);
});
