import { expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const warning = 'Others can read the password in --url';

test.each<readonly [string, readonly string[], Parameters<typeof runCli>[1], boolean]>([
  ['in --url', ['--url', 'postgres://app:secretpw@127.0.0.1:1/x'], {}, true],
  [
    'as a parameter of --url',
    ['--url', 'jdbc:postgresql://127.0.0.1:1/x?user=a&password=secretpw'],
    {},
    true,
  ],
  ['in UNLEAK_URL', [], { env: { UNLEAK_URL: 'postgres://app:secretpw@127.0.0.1:1/x' } }, false],
  ['on standard input', ['--url', '-'], { input: 'postgres://app:secretpw@127.0.0.1:1/x\n' }, false],
  [
    'beside --url',
    ['--url', 'postgres://app@127.0.0.1:1/x'],
    { env: { UNLEAK_PASSWORD: 'secretpw' } },
    false,
  ],
])('a password %s gets a warning only where others can read it', async (_where, args, around, isWarned) => {
  const { err, out } = await runCli(['look', ...args], around);
  expect(err).toContain('connect.refused');
  expect(err.includes(warning)).toBe(isWarned);
  expect(err + out).not.toContain('secretpw');
});
