import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, removeLiterals } from '../../functions/core/text/statement.ts';

const both: readonly Dialect[] = ['postgres', 'mysql'];

describe('values without quotes', () => {
  it.each([
    ['SET app.token = sk_live_abc', 'SET app.token = ?'],
    ['SET app.token TO sk_live_abc', 'SET app.token TO ?'],
    ['set local app.user_id=alice', 'set local app.user_id=?'],
    ['SET SESSION app.token = "quoted secret"; SELECT a', 'SET SESSION app.token = ?; SELECT a'],
    ['SET search_path = shop, hidden', 'SET search_path = ?, ?'],
    ['BEGIN; SET LOCAL app.token = abc; COMMIT', 'BEGIN; SET LOCAL app.token = ?; COMMIT'],
    ['SET @a = secret1, @b := secret2', 'SET @a = ?, @b := ?'],
    ['SET GLOBAL x = hidden, SESSION y = hidden', 'SET GLOBAL x = ?, SESSION y = ?'],
    ['SET autocommit = OFF', 'SET autocommit = OFF'],
    [
      'SET STATEMENT max_statement_time=hidden FOR SELECT a FROM t',
      'SET STATEMENT max_statement_time=? FOR SELECT a FROM t',
    ],
    ['SET @k = (SELECT id FROM hidden, t)', 'SET @k = ?'],
    ['SET PASSWORD = hunter2', 'SET PASSWORD = ?'],
    ['SET PASSWORD FOR bob = hunter2', 'SET PASSWORD FOR bob = ?'],
    ['ALTER ROLE bob PASSWORD hunter2', 'ALTER ROLE bob PASSWORD ?'],
    [
      'ALTER ROLE bob WITH ENCRYPTED PASSWORD "hunter2" VALID UNTIL now',
      'ALTER ROLE bob WITH ENCRYPTED PASSWORD ? VALID UNTIL now',
    ],
    ['ALTER ROLE bob SET app.token = hunter2', 'ALTER ROLE bob SET app.token = ?'],
    ['ALTER USER bob IDENTIFIED BY hunter2', 'ALTER USER bob IDENTIFIED BY ?'],
    ['ALTER USER bob IDENTIFIED WITH plugin AS hunter2', 'ALTER USER bob IDENTIFIED WITH plugin AS ?'],
    ['ALTER USER bob PASSWORD EXPIRE NEVER', 'ALTER USER bob PASSWORD EXPIRE NEVER'],
    [
      'CHANGE MASTER TO MASTER_HOST=?, MASTER_PASSWORD=hunter2',
      'CHANGE MASTER TO MASTER_HOST=?, MASTER_PASSWORD=?',
    ],
    ['SELECT a FROM t WHERE token = hunter2 AND b = c', 'SELECT a FROM t WHERE token = ? AND b = c'],
    ['SELECT password, token FROM users', 'SELECT password, token FROM users'],
    ['UPDATE t SET note = other', 'UPDATE t SET note = other'],
    ['UPDATE t SET api_key = abc', 'UPDATE t SET api_key = ?'],
    ['SELECT sk_live_abc, ghp_0123456789abcdefghijklmnopqrstuvwxyz', 'SELECT ?, ?'],
    ['SELECT eyJhbGciOiJI.eyJzdWIiOiIx.c2ln FROM t', 'SELECT ? FROM t'],
    ['SELECT dblink(postgres://bob:pw@host/db)', 'SELECT dblink(?)'],
    ['SELECT 5f4dcc3b5aa765d61d8327deb882cf99', 'SELECT ?'],
    ['SELECT aKd93Kdk29dKDl20dKslq9 FROM t', 'SELECT ? FROM t'],
    [
      'SELECT orders_order_customer_id_9da9253f_fk FROM "orders_order"',
      'SELECT orders_order_customer_id_9da9253f_fk FROM "orders_order"',
    ],
    [
      'ALTER TABLE t SET (fillfactor = 70), ALTER a SET DEFAULT b',
      'ALTER TABLE t SET (fillfactor = ?), ALTER a SET DEFAULT b',
    ],
    ['RESET app.token', 'RESET app.token'],
    [
      'SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY',
      'SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY',
    ],
  ])('%s', (sql, shown) => {
    expect(removeLiterals(sql, 'postgres')).toBe(shown);
  });

  it('a name in double quotes that was meant as a text', () => {
    expect(removeLiterals('SELECT a FROM t WHERE b = "alice@example.com"', 'postgres')).toBe(
      'SELECT a FROM t WHERE b = ?',
    );
    expect(removeLiterals('SELECT `sk_live_abc`', 'mysql')).toBe('SELECT ?');
  });
});

describe.each(both)('whatever stands around it, on %s', (dialect) => {
  const secret = 'zqsecretqz';
  const before = fc.constantFrom('', 'BEGIN; ', '/* c */ ', 'SELECT a; ', "SELECT 'x'; ");
  const gap = fc.constantFrom(' ', '\n', '\t ', ' /* c */ ');
  const place = fc.constantFrom(
    'SET app.token = @',
    'set app.token to @',
    'SET SESSION a.b=@',
    'SET LOCAL a.b = "@"',
    'SET @x = @',
    'SET @x := @, @y = @',
    'SET PASSWORD = @',
    'ALTER USER bob IDENTIFIED BY @',
    'ALTER ROLE bob PASSWORD @',
    'CREATE USER bob PASSWORD @',
    'CHANGE MASTER TO MASTER_PASSWORD=@',
    'SELECT a WHERE api_key = @',
    'ALTER DATABASE d SET a.b TO @',
    'SELECT https://u:@@host/',
    'SELECT sk_live_@',
    "CALL p('@', 0x@)",
    "EXECUTE p(E'@')",
    "NOTIFY c, 'postgres://u:@@h'",
    'SET a.b = x, @, @',
  );
  it('the value is gone, also where the server cut the statement', () => {
    fc.assert(
      fc.property(before, gap, place, fc.nat({ max: 200 }), (start, space, text, cut) => {
        const sql = `${start}${text.replaceAll(' ', space).replaceAll('@x', '&x').replaceAll('@y', '&y').replaceAll('@', secret).replaceAll('&', '@')}`;
        const at = sql.length - Math.min(cut, sql.length);
        expect(removeLiterals(sql, dialect)).not.toContain(secret);
        const seen = removeLiterals(sql.slice(0, at), dialect);
        expect(seen).not.toContain(secret.slice(0, 6));
      }),
      { numRuns: 3_000 },
    );
  });

  it('a hostile megabyte is read quickly', () => {
    const start = performance.now();
    for (const unit of [
      'SET a=b,',
      'password ',
      'a.',
      'a-',
      'a:',
      'set ',
      '"a@',
      '`',
      'eyJ',
      '@',
      'aA1',
      'identified by ',
      '((',
      'x://',
    ])
      removeLiterals(unit.repeat(1_000_000 / unit.length), dialect);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
