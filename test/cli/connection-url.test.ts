import { describe, expect, it } from 'vitest';
import { parseConnectionUrl } from '../../cli/target/connection-url.ts';
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
    ['localhost', 'sslmode=disable', 'off'],
    ['::1', 'ssl=false', 'off'],
    ['db.example', 'sslmode=disable&insecure=a%20laboratory', { insecure: 'a laboratory' }],
    ['db.example', 'insecure=why&tls=off', { insecure: 'why' }],
    ['db.example', 'sslmode=prefer', 'system'],
    ['db.example', 'sslmode=allow', 'system'],
    ['localhost', 'sslmode=prefer', 'off'],
    ['db.example', 'ssl-mode=PREFERRED', 'system'],
    ['db.example', 'useSSL=true', 'system'],
    ['db.example', 'sslMode=VERIFY_CA', 'system'],
    ['db.example', 'ssl={"rejectUnauthorized":true}', 'system'],
    ['db.example', 'ssl-mode=VERIFY_IDENTITY', 'system'],
    ['db.example', 'tls=rds', 'rds'],
    ['localhost', 'tls=system', 'system'],
    ['db.example', 'sslmode=verify-full&sslrootcert=system', 'system'],
  ])('on %s with %s has tls %s', (host, parameters, tls) => {
    expect(
      parseConnectionUrl(`postgres://app:pw@${host.includes(':') ? `[${host}]` : host}/x?${parameters}`).tls,
    ).toEqual(tls);
  });

  it.each([
    [
      'Prisma',
      'postgresql://app:pw@h:6432/shop?schema=public&connection_limit=5&pool_timeout=2&pgbouncer=true',
    ],
    ['Neon', 'postgresql://app:pw@h:6432/shop?sslmode=require&channel_binding=require'],
    ['SQLAlchemy', 'postgresql+psycopg2://app:pw@h:6432/shop?application_name=web&connect_timeout=3'],
    ['SQLAlchemy, asynchronous', 'postgresql+asyncpg://app:pw@h:6432/shop?prepared_statement_cache_size=0'],
    ['django-environ', 'psql://app:pw@h:6432/shop'],
    ['dj-database-url', 'postgis://app:pw@h:6432/shop?conn_max_age=600&conn_health_checks=true'],
    ['Rails', 'postgis://app:pw@h:6432/shop?pool=5&timeout=5000&encoding=unicode&prepared_statements=false'],
    [
      'libpq',
      'postgresql://app:pw@h:6432/shop?target_session_attrs=read-write&keepalives_idle=30&options=-c%20x%3Dy',
    ],
    ['libpq, with the login as parameters', 'postgresql://h:6432/shop?user=app&password=pw'],
    [
      'JDBC',
      'jdbc:postgresql://h:6432/shop?user=app&password=pw&currentSchema=a&ApplicationName=b&tcpKeepAlive=true',
    ],
    ['JDBC of AWS', 'jdbc:aws-wrapper:postgresql://h:6432/shop?user=app&password=pw&loginTimeout=3'],
  ])('of %s is read', (_client, url) => {
    expect(parseConnectionUrl(url)).toEqual({
      ...{ engine: 'postgres', host: 'h', port: 6432, database: 'shop' },
      ...{ user: 'app', password: 'pw', tls: 'system' },
    });
  });

  it.each([
    ['SQLAlchemy', 'mysql+pymysql://app:pw@h:3307/shop?charset=utf8mb4'],
    ['SQLAlchemy with the C driver', 'mysql+mysqldb://app:pw@h:3307/shop?charset=utf8&use_unicode=1'],
    ['Rails', 'mysql2://app:pw@h:3307/shop?encoding=utf8mb4&reconnect=true'],
    ['Rails with trilogy', 'trilogy://app:pw@h:3307/shop'],
    ['Django', 'mysql-connector://app:pw@h:3307/shop'],
    [
      'JDBC',
      'jdbc:mysql://h:3307/shop?user=app&password=pw&useSSL=true&serverTimezone=UTC&allowPublicKeyRetrieval=true',
    ],
    [
      'mysql2',
      'mysql://app:pw@h:3307/shop?connectionLimit=10&timezone=Z&ssl=%7B%22rejectUnauthorized%22%3Atrue%7D',
    ],
    ['Prisma', 'mysql://app:pw@h:3307/shop?connection_limit=1&socket_timeout=3'],
  ])('of %s is read, on MySQL', (_client, url) => {
    expect(parseConnectionUrl(url)).toEqual({
      ...{ engine: 'mysql', host: 'h', port: 3307, database: 'shop' },
      ...{ user: 'app', password: 'pw', tls: 'system' },
    });
  });

  it.each([
    ['sslcert=/secretpw', /sslcert: unleak logs in with a password/],
    ['sslaccept=accept_invalid_certs', /sslaccept: unleak verifies every certificate/],
    ['sslmode=no-verify', /wants sslmode to say whether/],
    ['ssl={"rejectUnauthorized":false}', /wants ssl to say whether/],
    ['host=/var/run/postgresql', /host: write the server as/],
    ['hostaddr=10.0.0.7', /hostaddr: write the server as/],
    ['port=5433', /port: write the server as/],
    ['passfile=/secretpw', /passfile: give the password/],
    ['schema=a&secretpw=1', /parameter 2 of the URL/],
    ['sslmode=disable', /sends no password in clear to another machine.*insecure=WHY/],
    ['tls=off&insecure=', /insecure to say why/],
    ['sslmode=require&insecure=why', /insecure beside tls=off/],
  ])('with %s is refused, and the parameter is named', (parameters, says) => {
    const read = () => parseConnectionUrl(`postgres://app:pw@db.example/x?${parameters}`);
    expect(read).toThrow(says);
    expect(read).not.toThrow(/secretpw/);
  });

  it('takes an authority of its own from a file', () => {
    const { tls } = parseConnectionUrl(`mysql://app:pw@h?sslrootcert=${CA_FILES.trusted}`);
    expect(tls).toHaveProperty('ca', expect.stringContaining('BEGIN CERTIFICATE'));
  });
});

describe('a connection string of another form is refused by the name of the form', () => {
  it.each([
    ['host=db.example user=app password=secretpw dbname=x', /list of key=value/],
    ["password = 'secretpw' host = db", /list of key=value/],
    ['service=secretpw', /list of key=value/],
    ['Server=db;Database=x;User Id=app;Password=secretpw', /list of key=value/],
    ['postgres://app:secretpw@a.example:5432,b.example:5433/x', /several hosts.*one host/],
    ['postgresql://app:secretpw@a,b', /several hosts/],
    ['jdbc:mysql://app:secretpw@a:3306,b:3306/x', /several hosts/],
    ['mysql://app:secretpw@tcp(db:3306)/x', /parentheses/],
    ['postgres://app:secretpw@%2Fvar%2Frun%2Fpostgresql/x', /socket of this machine.*localhost/],
    ['postgres:///x?host=/var/run/postgresql&user=app&password=secretpw', /socket of this machine/],
    ['postgres:///var/run/secretpw', /socket of this machine/],
    ['mysql://app:secretpw@/x?unix_socket=/run/mysqld.sock', /socket of this machine/],
    ['postgres://app:secretpw@h/x?service=orders', /service/],
  ])('%s', (text, says) => {
    expect(() => parseConnectionUrl(text)).toThrow(says);
    expect(() => parseConnectionUrl(text)).not.toThrow(/secretpw|db\.example|a\.example/);
  });

  it('a password with a comma, an equals sign or a parenthesis is none', () => {
    expect(parseConnectionUrl('postgres://app:p,w=(x)@h/x').password).toBe('p,w=(x)');
    expect(parseConnectionUrl('postgres://app:host=1,2@h:5432/x').host).toBe('h');
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
    ['an unknown tls', 'postgres://app:secretpw@host/x?tls=secretpw'],
    ['an authority that is no file', 'postgres://app:secretpw@host/x?sslrootcert=/secretpw'],
    ['a tab in the host', 'postgres://app:secretpw@ho%09st/x'],
  ])('%s', (_what, url) => {
    const read = () => parseConnectionUrl(url);
    expect(read).toThrow(UsageError);
    expect(read).not.toThrow(/secretpw|secr|etpw/);
  });
});
