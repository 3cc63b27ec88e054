import { describe, expect, test } from 'vitest';
import type { Target } from '../../functions/contract/target.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import { toLogin } from '../../functions/flow/to-login.ts';
import { expectNoTrace } from '../aws/expect-fault.ts';

const marker = 'p4ssw0rd-marker';

const byRds = {
  engine: 'postgres',
  host: 'db.example.internal',
  port: 6_543,
  username: 'unleak',
  password: marker,
  dbname: 'orders',
  dbInstanceIdentifier: 'orders-1',
};
const managedByRds = { username: 'unleak', password: marker };

function target(overrides: Partial<Target> = {}): Target {
  return {
    name: 'orders',
    engine: 'postgres',
    host: null,
    port: null,
    database: null,
    secret: 'prod/orders',
    secretHost: null,
    mode: 'dry-run',
    tls: 'rds',
    traceparent: false,
    ...overrides,
  };
}

const fromSecret = { host: 'db.example.internal', port: 6_543, database: 'orders' };

describe('a login', () => {
  test.each<readonly [string, Partial<Target>, object, object]>([
    ['all from the secret that RDS makes', {}, byRds, fromSecret],
    [
      'all from the target where it says so',
      { host: 'DB.example.internal.', port: 6_543, database: 'audit' },
      byRds,
      { host: 'DB.example.internal.', port: 6_543, database: 'audit' },
    ],
    [
      'an instance’s host from the target for the secret of its cluster, which the target names',
      { host: 'instance-1.example.internal', port: 7_000, secretHost: 'db.example.internal' },
      byRds,
      { host: 'instance-1.example.internal', port: 7_000, database: 'orders' },
    ],
    [
      'host from the target for the secret that RDS manages itself',
      { host: 'db.example.internal' },
      managedByRds,
      { host: 'db.example.internal', port: 5_432, database: null },
    ],
    ['a port as text', {}, { ...byRds, port: '6543' }, fromSecret],
    ['keys that we do not know', {}, { ...byRds, note: 'rotated by hand', masterarn: 'arn' }, fromSecret],
    ['an engine that we do not know', {}, { ...byRds, engine: 'timescale' }, fromSecret],
    ['aurora’s word for the engine', {}, { ...byRds, engine: 'aurora-postgresql' }, fromSecret],
    [
      'MySQL’s own port, and no database, which our login has no right to',
      { engine: 'mysql', database: 'orders' },
      { ...byRds, engine: 'aurora-mysql', port: undefined },
      { host: 'db.example.internal', port: 3_306, database: null },
    ],
    [
      'MariaDB by a secret that says mysql',
      { engine: 'mariadb' },
      { ...byRds, engine: 'mysql', port: undefined },
      { host: 'db.example.internal', port: 3_306, database: null },
    ],
    [
      'a name and a password with blanks and quotes',
      {},
      { ...byRds, username: 'o\'neil "x"', password: ' ü€𝄞\n' },
      { ...fromSecret, user: 'o\'neil "x"', password: ' ü€𝄞\n' },
    ],
  ])('takes %s', (_what, own, secret, expected) => {
    const login = { user: 'unleak', password: marker, tls: 'rds', ...expected };
    expect(toLogin(target(own), JSON.stringify(secret))).toEqual(login);
  });

  test('takes the last of duplicate keys, as JSON does', () => {
    const text = `{"username":"a","username":"b","password":"x","password":"${marker}","host":"h"}`;
    expect(toLogin(target(), text)).toMatchObject({ user: 'b', password: marker });
  });

  test('takes a secret of 64 KiB', () => {
    const text = JSON.stringify({ ...byRds, note: 'x'.repeat(65_000) });
    expect(toLogin(target(), text)).toMatchObject({ host: 'db.example.internal' });
  });
});

describe('a secret of another server is not used', () => {
  test.each<readonly [string, Partial<Target>, object]>([
    ['another host', { host: 'attacker.example.com' }, {}],
    ['the beginning of its host', { host: 'db.example' }, {}],
    ['another port', { host: 'db.example.internal', port: 22 }, {}],
    ['another host than the one that the target expects', { host: 'a', secretHost: 'b' }, {}],
    ['another host, which stands with its port', { host: 'a' }, { host: 'db.example.internal:6543' }],
  ])('for %s', (_what, own, more) => {
    const fault = thrownBy(() => toLogin(target(own), JSON.stringify({ ...byRds, ...more })));
    expect(fault).toMatchObject({ kind: 'Credentials', code: 'credentials.secret_server' });
    expectNoTrace(fault, marker);
    expectNoTrace(fault, 'db.example.internal');
  });

  test.each<readonly [string, Target['tls'], boolean]>([
    ['db.example.internal', 'off', false],
    ['10.0.0.7', 'off', false],
    ['127.1', 'off', false],
    ['localhost.example.com', 'off', false],
    ['127.0.0.1.example.com', 'off', false],
    ['::ffff:10.0.0.7', 'off', false],
    ['localhost', 'off', true],
    ['127.0.0.9', 'off', true],
    ['::1', 'off', true],
    ['::ffff:127.0.0.1', 'off', true],
    ['db.example.internal', { insecure: 'a laboratory without certificates' }, true],
    ['db.example.internal', 'rds', true],
  ])('nor sent to %s with tls %j, unless that is safe or explained', (host, tls, isSent) => {
    const secret = JSON.stringify({ ...byRds, host });
    if (isSent) expect(toLogin(target({ tls }), secret)).toMatchObject({ host, tls });
    else
      expect(thrownBy(() => toLogin(target({ tls }), secret))).toMatchObject({
        kind: 'Config',
        code: 'config.tls',
      });
  });
});

describe('a secret that cannot be used is told by its keys, never by what stands there', () => {
  const wrong = (overrides: object) => JSON.stringify({ ...byRds, ...overrides });
  test.each<readonly [string, string, Partial<Target>, readonly string[]]>([
    ['empty', '', {}, ['JSON object']],
    ['not JSON', marker, {}, ['JSON object']],
    ['cut off', `{"username":"u","password":"${marker}`, {}, ['JSON object']],
    ['a text', JSON.stringify(marker), {}, ['username and password']],
    ['a list', JSON.stringify([marker]), {}, ['username and password']],
    ['null', 'null', {}, ['username and password']],
    ['a number', '12345678', {}, ['username and password']],
    ['an empty object', '{}', {}, ['username', 'password']],
    ['without a password', JSON.stringify({ username: marker }), {}, ['password: missing']],
    ['without a user name', JSON.stringify({ password: marker }), {}, ['username: missing']],
    ['with an empty password', wrong({ password: '' }), {}, ['password: expected']],
    ['with a password that is a number', wrong({ password: 12_345_678 }), {}, ['password: expected a text']],
    ['with a password that is an object', wrong({ password: { marker } }), {}, ['password: expected a text']],
    ['with a user name that is a list', wrong({ username: [marker] }), {}, ['username: expected a text']],
    ['with a port that is none', wrong({ port: marker }), {}, ['port: expected']],
    ['with a port out of range', wrong({ port: 65_536 }), {}, ['port: expected a port']],
    ['with the port 0', wrong({ port: '0' }), {}, ['port: expected a port']],
    ['without a host, which the target lacks too', JSON.stringify(managedByRds), {}, ['no host']],
    ['for another engine', wrong({ engine: 'mysql' }), {}, ['another engine than postgres']],
    ['for PostgreSQL on a MySQL target', wrong({}), { engine: 'mysql' }, ['another engine than mysql']],
    [
      'wrong in every way',
      wrong({ username: '', password: null, host: 7, port: marker, dbname: [] }),
      {},
      ['username', 'password', 'host', 'port', 'dbname'],
    ],
    [
      'of another engine and without a host',
      JSON.stringify({ ...managedByRds, engine: 'mariadb' }),
      {},
      ['no host', 'another engine'],
    ],
  ])('%s', (_what, secret, own, says) => {
    const fault = thrownBy(() => toLogin(target(own), secret));
    expect(fault).toMatchObject({
      kind: 'Credentials',
      code: 'credentials.secret_malformed',
      step: 'secret',
      actor: 'operator',
    });
    expect(fault.message).toContain('prod/orders');
    for (const words of says) expect(fault.message).toContain(words);
    expectNoTrace(fault, marker);
    expectNoTrace(fault, '12345678');
  });
});

function thrownBy(work: () => unknown): Fault {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
