import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parseSecret } from '../../functions/contract/secret.ts';

test('the shape that RDS writes', () => {
  const text = JSON.stringify({
    engine: 'postgres',
    host: 'db',
    port: 5432,
    username: 'u',
    password: 'p',
    dbname: 'd',
    dbInstanceIdentifier: 'x',
  });
  const value = { username: 'u', password: 'p', host: 'db', port: 5432, database: 'd', engine: 'postgres' };
  expect(parseSecret(text)).toEqual({ ok: true, value });
});

test('the shape that RDS manages itself', () => {
  const value = { username: 'u', password: 'p', host: null, port: null, database: null, engine: null };
  expect(parseSecret('{"username":"u","password":"p"}')).toEqual({ ok: true, value });
});

test('a port as text', () => {
  expect(parseSecret('{"username":"u","password":"p","port":"6432"}')).toMatchObject({
    value: { port: 6432 },
  });
});

test.each([
  ['{"password":"hunter2"}', ['username']],
  ['{"username":"hunter2","password":""}', ['password']],
  ['{"username":"u","password":["hunter2"],"port":"hunter2"}', ['password', 'port']],
  ['{"username":"u","password":"p","host":"postgres://u:hunter2@h/db"}', ['host']],
  ['{"username":"u","password":"p","host":"u:hunter2@h"}', ['host']],
  ['{"username":"u","password":"p","host":"h\\nhunter2"}', ['host']],
  ['hunter2', []],
  ['"hunter2"', []],
  ['["hunter2"]', []],
  ['null', []],
  ['', []],
])('what is wrong is named, what stands there is not: %s', (text, keys) => {
  const parsed = parseSecret(text);
  expect(inspect(parsed, { depth: 9 })).not.toContain('hunter2');
  expect(parsed.ok ? [] : parsed.problems.flatMap((problem) => problem.path)).toEqual(keys);
});
