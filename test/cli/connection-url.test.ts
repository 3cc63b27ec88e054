import { describe, expect, it } from 'vitest';
import { parseConnectionUrl } from '../../cli/aim/connection-url.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { CA_FILES } from '../servers/certificates.ts';

describe('a connection URL', () => {
  it.each([
    ['postgres://app:pw@db.example:6432/shop', 'postgres', 'db.example', 6432, 'shop', 'app', 'pw', 'system'],
    ['postgresql://app:pw@localhost', 'postgres', 'localhost', null, null, 'app', 'pw', 'off'],
    ['mysql://app:pw@10.0.0.7/shop', 'mysql', '10.0.0.7', null, 'shop', 'app', 'pw', 'system'],
    ['mariadb://app@127.0.0.2:3307', 'mariadb', '127.0.0.2', 3307, null, 'app', null, 'off'],
    ['postgres://app:pw@[::1]:5433/shop', 'postgres', '::1', 5433, 'shop', 'app', 'pw', 'off'],
    ['postgres://app:pw@[2001:db8::7]/shop', 'postgres', '2001:db8::7', null, 'shop', 'app', 'pw', 'system'],
    ['postgres://a%40b:p%2Fw%25%23%3A@h/my%20db', 'postgres', 'h', null, 'my db', 'a@b', 'p/w%#:', 'system'],
    ['postgres://app:p@ss@h/x', 'postgres', 'h', null, 'x', 'app', 'p@ss', 'system'],
    [
      'postgres://app:pw@x.eu-west-1.rds.amazonaws.com/x',
      'postgres',
      'x.eu-west-1.rds.amazonaws.com',
      null,
      'x',
      'app',
      'pw',
      'rds',
    ],
  ])('%s', (url, engine, host, port, database, user, password, tls) => {
    expect(parseConnectionUrl(url)).toEqual({ engine, host, port, database, user, password, tls });
  });

  it.each([
    ['localhost', 'sslmode=verify-full', 'system'],
    ['localhost', 'sslmode=require', 'system'],
    ['db.example', 'sslmode=disable', 'off'],
    ['db.example', 'ssl=false', 'off'],
    ['db.example', 'ssl-mode=VERIFY_IDENTITY', 'system'],
    ['db.example', 'tls=rds', 'rds'],
    ['db.example', 'tls=off', 'off'],
    ['localhost', 'tls=system', 'system'],
    ['db.example', 'sslmode=verify-full&sslrootcert=system', 'system'],
  ])('on %s with %s has tls %s', (host, parameters, tls) => {
    expect(parseConnectionUrl(`postgres://app:pw@${host}/x?${parameters}`).tls).toEqual(tls);
  });

  it('takes an authority of its own from a file', () => {
    const { tls } = parseConnectionUrl(`mysql://app:pw@h?sslrootcert=${CA_FILES.trusted}`);
    expect(tls).toHaveProperty('ca', expect.stringContaining('BEGIN CERTIFICATE'));
  });
});

describe('a connection URL that cannot be used is refused without a word of it', () => {
  it.each([
    ['a password with a bare slash', 'postgres://app:secr/etpw@host/x'],
    ['a password with a bare hash', 'postgres://app:secr#etpw@host/x'],
    ['a number and a slash in the password', 'postgres://secretpw:12/34@host'],
    ['a bare percent sign', 'postgres://app:secretpw%zz@host/x'],
    ['another scheme', 'http://app:secretpw@host/x'],
    ['no scheme', 'app:secretpw@host/x'],
    ['no user', 'postgres://host/secretpw'],
    ['no host', 'postgres://app:secretpw@/x'],
    ['a socket', 'postgres://app:secretpw@%2Fvar%2Frun/x'],
    ['several hosts', 'postgres://app:secretpw@a,b/x'],
    ['port 0', 'postgres://app:secretpw@host:0/x'],
    ['a port too high', 'postgres://app:secretpw@host:70000/x'],
    ['two databases', 'postgres://app:secretpw@host/a/b'],
    ['an unknown parameter', 'postgres://app:secretpw@host/x?secretpw=1'],
    ['a wish for TLS if possible', 'postgres://app:secretpw@host/x?sslmode=prefer'],
    ['an unknown tls', 'postgres://app:secretpw@host/x?tls=secretpw'],
    ['an authority that is no file', 'postgres://app:secretpw@host/x?sslrootcert=/secretpw'],
    ['a tab in the host', 'postgres://app:secretpw@ho%09st/x'],
  ])('%s', (_what, url) => {
    const read = () => parseConnectionUrl(url);
    expect(read).toThrow(UsageError);
    expect(read).not.toThrow(/secretpw|secr|etpw/);
  });
});
