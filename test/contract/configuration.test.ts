import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { describePlacedProblem, readConfiguration } from '../../functions/contract/read-configuration.ts';

const example = await readFile('unleak.yaml', 'utf8');

/** What is said of the example with these texts exchanged. */
function mistakesIn(...changes: readonly (readonly [from: string, to: string])[]): string[] {
  const text = changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the example has no ${from}`);
    return before.replace(from, to);
  }, example);
  const read = readConfiguration(text);
  return read.ok ? [] : read.problems.map((problem) => describePlacedProblem('unleak.yaml', problem));
}

test('the example reads, as a dry run', () => {
  const read = readConfiguration(example);
  expect(read).toMatchObject({
    ok: true,
    value: { targets: [{ name: 'orders', mode: 'dry-run', tls: 'rds' }] },
  });
});

test('a target that names no mode is a dry run', () => {
  const read = readConfiguration(example.replace(/^ {4}mode: .*$/m, ''));
  expect(read).toMatchObject({ ok: true, value: { targets: [{ mode: 'dry-run' }] } });
});

describe('every mistake is told with its line', () => {
  test.each<[string, readonly [string, string], RegExp]>([
    [
      'a mode that is none',
      ['mode: dry-run #', 'mode: on #'],
      /^unleak\.yaml:\d+:11 targets\[0\]\.mode: "on" found, expected dry-run or enforce$/,
    ],
    [
      'a policy that is not there',
      ['policy: web', 'policy: wib'],
      /targets\[0\]\.policy: "wib" found, expected one of the policies: web$/,
    ],
    [
      'an unknown key',
      ['perSweep: 50', 'perSwep: 50'],
      /policies\.web\.caps\.perSwep: unknown key, expected one of: perSweep, share$/,
    ],
    ['a key twice', ['engine: postgres #', 'name: x\n    engine: postgres #'], /valid YAML/],
    [
      'a schedule that is none',
      ['rate(5 minutes)', 'every 5 minutes'],
      /targets\[0\]\.schedule: .* found, expected rate\(5 minutes\)/,
    ],
    [
      'a time zone that is none',
      ['schedule: rate', 'timezone: Mars/Olympus\n    schedule: rate'],
      /timezone: "Mars\/Olympus" found/,
    ],
    [
      'an address twice',
      ['emails: [dba@example.com]', 'emails: [dba@example.com, dba@example.com]'],
      /notify\.emails: .*expected each only once$/,
    ],
    [
      'a network that is not there',
      ['policy: web', 'policy: web\n    network: main'],
      /targets\[0\]\.network/,
    ],
    [
      'what MySQL cannot answer',
      ['engine: postgres', 'engine: mysql'],
      /rules\[3\]\.unused: .*MySQL and MariaDB do not show when a session connected \(the target orders/,
    ],
  ])('%s', (_, change, expected) => {
    expect(mistakesIn(change)).toEqual([expect.stringMatching(expected)]);
  });
});

test('all mistakes at once, in the order of the file', () => {
  const mistakes = mistakesIn(
    ['for: 2m', 'for: soon'],
    ['mode: dry-run #', 'mode: on #'],
    ['policy: web', 'policy: wib'],
  );
  expect(mistakes).toHaveLength(3);
  expect(mistakes.map((line) => Number(line.split(':')[1]))).toEqual([24, 55, 57]);
});

test('a policy broken elsewhere still tells what MySQL cannot answer', () => {
  expect(mistakesIn(['for: 2m', 'for: soon'], ['engine: postgres', 'engine: mysql'])).toHaveLength(2);
});

test('the same name twice is told at the second', () => {
  const again = example.slice(example.indexOf('  - name: orders'));
  const read = readConfiguration(example + again);
  expect(read.ok ? [] : read.problems).toMatchObject([
    { path: ['targets', 1, 'name'], expected: 'a name no other target has' },
  ]);
});

test.each(['', '3', '[]', 'targets: {}', ': :', '"', '\t- x', '&a [*a]', 'a: *b', '%YAML 9\n---\n{}'])(
  'what is no configuration is told, never thrown: %j',
  (text) => {
    const read = readConfiguration(text);
    expect(read.ok).toBe(false);
  },
);

test('a bomb of aliases is refused', () => {
  const lines = Array.from(
    { length: 12 },
    (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(', ')}]`,
  );
  const read = readConfiguration(['a0: &a0 x', ...lines].join('\n'));
  expect(read.ok).toBe(false);
});
