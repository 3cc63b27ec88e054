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

const login = '"username":"u","password":"p"';
test.each<readonly [string, object]>([
  ['"dbname":null,"port":null,"host":null,"engine":null', {}],
  ['"dbname":"","port":"","host":"","engine":""', {}],
  ['"dbname":" ","host":" db ","port":" 5433 "', { host: 'db', port: 5433 }],
  ['"host":"db:3306"', { host: 'db', port: 3306 }],
  ['"host":"db:3306","port":3306', { host: 'db', port: 3306 }],
  ['"host":"db:3306","port":""', { host: 'db', port: 3306 }],
  ['"host":"10.0.0.7:5432"', { host: '10.0.0.7', port: 5432 }],
  ['"host":"[2001:db8::7]:5432"', { host: '2001:db8::7', port: 5432 }],
  ['"host":"[2001:db8::7]"', { host: '2001:db8::7' }],
  ['"host":"2001:db8::7"', { host: '2001:db8::7' }],
])('what stands empty or together is read: %s', (keys, more) => {
  const nothing = { host: null, port: null, database: null, engine: null };
  expect(parseSecret(`{${login},${keys}}`)).toEqual({
    ok: true,
    value: { username: 'u', password: 'p', ...nothing, ...more },
  });
});

test.each([
  ['"host":"db:3306","port":3307', ['host']],
  ['"host":"db:0"', ['port']],
  ['"host":"db:99999"', ['port']],
  ['"host":"db:3306/x"', ['host']],
  ['"host":"db:"', ['host']],
  ['"host":["db:3306"]', ['host']],
  ['"host":{"a":1}', ['host']],
])('a host and port that cannot be read are named: %s', (keys, paths) => {
  const parsed = parseSecret(`{${login},${keys}}`);
  expect(parsed.ok ? [] : parsed.problems.flatMap(({ path }) => path)).toEqual(paths);
});

test('blanks around a name or a password are part of it', () => {
  expect(parseSecret('{"username":" u ","password":" "}')).toMatchObject({
    value: { username: ' u ', password: ' ' },
  });
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
